"""Berth's uploader and azure-ai-ml's, against Azurite: each finds the other's upload, and their times side by side."""

import base64
import json
import os
import random
import socket
import ssl
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import world
from world import WORK

from azure.ai.ml._artifacts._blob_storage_helper import BlobStorageClient
from azure.ai.ml._utils._asset_utils import get_content_hash, get_ignore_file
from azure.storage.blob import BlobServiceClient, ContainerClient, ContainerSasPermissions, generate_container_sas

AZURITE, UPLOAD = os.environ["AZURITE"], os.environ["UPLOAD"]
ACCOUNT, KEY = "sta1", base64.b64encode(os.urandom(64)).decode()
CA = WORK / "authority.pem"
MEGABYTES = 70


def make_certificates():
    """An authority, and Azurite's certificate by it."""
    common = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj"
    authority = f"/CN=authority -keyout {WORK}/authority.key -out {CA}"
    own = f"/CN=azurite -CA {CA} -CAkey {WORK}/authority.key -keyout {WORK}/azurite.key -out {WORK}/azurite.pem"
    world.run(f"{common} {authority}")
    world.run(f"{common} {own} -addext basicConstraints=CA:FALSE -addext subjectAltName=IP:127.0.0.1")
    os.environ.update(REQUESTS_CA_BUNDLE=str(CA), SSL_CERT_FILE=str(CA))


def start():
    """Starts Azurite on a free port and returns it with its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--location", str(WORK / "data"), "--blobPort", str(port), "--blobHost", "127.0.0.1", "--silent"]
    options += ["--cert", str(WORK / "azurite.pem"), "--key", str(WORK / "azurite.key"), "--skipApiVersionCheck", "--disableTelemetry"]
    accounts = {**os.environ, "AZURITE_ACCOUNTS": f"{ACCOUNT}:{KEY}"}
    process = subprocess.Popen(["node", AZURITE, *options], env=accounts, stdout=subprocess.DEVNULL)
    tls = ssl.create_default_context(cafile=str(CA))

    def answers():
        assert process.poll() is None, "Azurite ended"
        try:
            with socket.create_connection(("127.0.0.1", port)) as plain, tls.wrap_socket(plain, server_hostname="127.0.0.1"):
                return True
        except OSError:
            return False

    world.until("Azurite", answers, 60)
    return process, f"https://127.0.0.1:{port}/{ACCOUNT}"


def container(base, name, permissions="rcwl", hours=1):
    """Creates a container and returns its address with a signature."""
    service = BlobServiceClient(base, credential=KEY)
    if not service.get_container_client(name).exists():
        service.create_container(name)
    end = datetime.now(timezone.utc) + timedelta(hours=hours)
    permissions = ContainerSasPermissions.from_string(permissions)
    return f"{base}/{name}?{generate_container_sas(ACCOUNT, name, KEY, permission=permissions, expiry=end, protocol='https')}"


def berth(folder, to, refused=None):
    """Uploads with Berth and returns what it says; with `refused`, it has to fail with this text."""
    ended = subprocess.run([UPLOAD, str(folder), str(CA)], env={**os.environ, "UPLOAD_TO": to}, capture_output=True, text=True)
    assert "sig=" not in ended.stdout + ended.stderr, "a signature is shown"
    assert (ended.returncode != 0) == bool(refused), ended.stderr
    if refused:
        return world.has(ended.stderr, refused)
    return json.loads(ended.stdout)


def azure_ai_ml(folder, to):
    """Uploads with azure-ai-ml: the asset it says is there, and the seconds it took."""
    client = BlobStorageClient(credential=None, account_url=to)
    begun = time.monotonic()
    said = client.upload(str(folder), "code", "1", ignore_file=get_ignore_file(folder), show_progress=False)
    return said, client, time.monotonic() - begun


def stored(to):
    """The blobs of a container with their content."""
    client = ContainerClient.from_container_url(to)
    return {blob.name: client.download_blob(blob.name).readall() for blob in client.list_blobs()}


def make_folder():
    folder, noise = WORK / "code", random.Random(1)
    files = {".amlignore": b"*.pyc\n/data/*\n!/data/keep.txt\n", "skipped.pyc": b"x", "data/skipped.txt": b"x", "data/keep.txt": b"x"}
    files |= {"large.bin": noise.randbytes(MEGABYTES << 20), "blöck 50%+#.bin": noise.randbytes(5 << 20), "empty": b"", "日本/コード.py": b"x"}
    files |= {f"lib/{number:03}.py": noise.randbytes(3000) for number in range(100)}
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder, {f"code/{name}": content for name, content in files.items() if "skipped" not in name}


def compare(base):
    folder, expected = make_folder()
    ours, theirs = container(base, "by-berth"), container(base, "by-azure-ai-ml")
    said = berth(folder, ours)
    assert said["hash"] == get_content_hash(folder, get_ignore_file(folder)), said
    assert stored(ours) == expected
    _, _, seconds = azure_ai_ml(folder, theirs)
    assert stored(theirs) == expected
    # Each finds the other's.
    assert berth(folder, theirs)["alreadyThere"] and berth(folder, ours)["alreadyThere"]
    found, client, _ = azure_ai_ml(folder, ours)
    assert (client.uploaded_file_count, found["name"], found["remote path"]) == (0, "code", "code"), found
    # Twice more each, in turn; the best counts.
    mine, others = [said["secondsToUpload"]], [seconds]
    for number in range(2):
        mine.append(berth(folder, container(base, f"berth-{number}"))["secondsToUpload"])
        others.append(azure_ai_ml(folder, container(base, f"azure-ai-ml-{number}"))[2])
    size = said["bytes"] / 1e6
    print(f"{size:.0f} MB, {len(expected)} files: Berth (unoptimised) {size / min(mine):.1f} MB/s, azure-ai-ml {size / min(others):.1f} MB/s, ratio {min(others) / min(mine):.2f}")


def resume(base):
    """Kills the upload, then finishes it: blocks that arrived stay."""
    folder, to = WORK / "code", container(base, "resumed")
    blob = ContainerClient.from_container_url(to).get_blob_client("code/large.bin")
    process = subprocess.Popen([UPLOAD, str(folder), str(CA)], env={**os.environ, "UPLOAD_TO": to}, stdout=subprocess.DEVNULL)

    def waiting():
        try:
            return blob.get_block_list("uncommitted")[1]
        except Exception as error:
            assert getattr(error, "status_code", None) == 404, error

    before = world.until("two blocks", lambda: len(found := waiting() or []) >= 2 and found)
    process.kill()
    process.wait()
    berth(folder, to)
    after = [block.id for block in blob.get_block_list("committed")[0]]
    assert {block.id for block in before} <= set(after), (before, after)
    assert blob.download_blob().readall() == (folder / "large.bin").read_bytes()


def refuse(base):
    folder = WORK / "code"
    berth(folder, container(base, "read-only", "r"), refused="AuthorizationPermissionMismatch")
    berth(folder, container(base, "expired", hours=-1), refused="AuthorizationFailure")
    berth(folder, container(base, "tampered").replace("sp=rcwl", "sp=racwl"), refused="AuthorizationFailure")
    berth(folder, container(base, "foreign").replace("/foreign?", "/by-berth?"), refused="AuthorizationFailure")


make_certificates()
process, base = start()
try:
    for step in (compare, resume, refuse):
        try:
            step(base)
        except BaseException:
            print(f"azurite: step {step.__name__} failed", file=sys.stderr)
            raise
finally:
    process.terminate()
    process.wait()
