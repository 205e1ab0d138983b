//! Which modules Python and its packages bring.

/// Modules of the standard library (docs.python.org/3/py-modindex.html).
const STANDARD: &str = "__future__ abc argparse array ast asyncio atexit base64 binascii bisect builtins bz2 calendar \
    cmath collections colorsys concurrent configparser contextlib contextvars copy copyreg csv ctypes dataclasses \
    datetime decimal difflib dis doctest email encodings enum errno faulthandler fcntl filecmp fileinput fnmatch \
    fractions ftplib functools gc getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib \
    importlib inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox marshal math \
    mimetypes mmap multiprocessing netrc numbers operator os pathlib pickle pickletools pkgutil platform plistlib \
    poplib posixpath pprint profile pstats pty pwd py_compile queue quopri random re readline reprlib resource \
    runpy sched secrets select selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3 ssl \
    stat statistics string stringprep struct subprocess symtable sys sysconfig syslog tarfile tempfile termios \
    textwrap threading time timeit token tokenize tomllib trace traceback tracemalloc types typing unicodedata \
    unittest urllib uuid venv warnings wave weakref webbrowser xml xmlrpc zipfile zipimport zlib zoneinfo";

/// What packages bring whose modules have other names, and what they depend on.
const PACKAGES: &[(&str, &str)] = &[
    ("azureml-core", "azureml azure requests"),
    (
        "azureml-defaults",
        "azureml azure azureml_inference_server_http inference_schema flask requests",
    ),
    (
        "azureml-inference-server-http",
        "azureml_inference_server_http inference_schema flask",
    ),
    ("azure-identity", "azure msal requests"),
    ("azure-storage-blob", "azure requests"),
    ("beautifulsoup4", "bs4"),
    ("inference-schema", "inference_schema"),
    ("lightgbm", "lightgbm numpy scipy"),
    ("mlflow", "mlflow numpy pandas sklearn scipy yaml requests flask"),
    ("onnxruntime", "onnxruntime numpy"),
    ("opencv-python", "cv2 numpy"),
    ("opencv-python-headless", "cv2 numpy"),
    ("pandas", "pandas numpy dateutil pytz"),
    ("pillow", "PIL"),
    ("protobuf", "google"),
    ("python-dateutil", "dateutil"),
    ("pytorch", "torch numpy"),
    ("pyyaml", "yaml"),
    ("requests", "requests urllib3 certifi idna"),
    ("scikit-image", "skimage numpy scipy PIL"),
    ("scikit-learn", "sklearn numpy scipy joblib threadpoolctl"),
    ("scipy", "scipy numpy"),
    ("statsmodels", "statsmodels numpy scipy pandas"),
    ("tensorflow", "tensorflow keras numpy google"),
    ("tensorflow-cpu", "tensorflow keras numpy google"),
    ("torch", "torch numpy"),
    ("transformers", "transformers numpy requests yaml"),
    ("xgboost", "xgboost numpy scipy"),
];

pub(in super::super) fn is_standard(module: &str) -> bool {
    STANDARD.split_whitespace().any(|known| known == module)
}

/// The modules that a package brings.
pub(in super::super) fn of_package(name: &str) -> Vec<String> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    let known = PACKAGES.iter().find(|(package, _)| *package == name);
    match known {
        Some((_, modules)) => modules.split_whitespace().map(str::to_string).collect(),
        None => vec![name.replace('-', "_")],
    }
}
