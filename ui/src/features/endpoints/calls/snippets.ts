/** The languages of the snippets. */
export const SNIPPETS = ["curl", "python", "csharp", "javascript"] as const;
export type Snippet = (typeof SNIPPETS)[number];

export interface SnippetCall {
  url: string;
  /** Version to name in the header; `null` to let the endpoint choose. */
  version: string | null;
  /** Whether callers send a key or token. */
  authenticated: boolean;
}

/** The environment variable that holds the key or token. */
export const KEY_VARIABLE = "ENDPOINT_KEY";
/** The file that holds the request. */
const FILE = "request.json";
const VERSION_HEADER = "azureml-model-deployment";

/** The call in a language. The key is a variable; the request is in a file. */
export function snippetOf(language: Snippet, call: SnippetCall): string {
  return WRITERS[language](call).join("\n");
}

const WRITERS: Record<Snippet, (call: SnippetCall) => string[]> = { curl, python, csharp, javascript };

/** A string literal that is valid in Python, C# and JavaScript: everything but plain ASCII is escaped. */
function literal(text: string): string {
  const escaped = JSON.stringify(text).replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return escaped;
}

/** A word for a POSIX shell, literally. */
function shell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function curl({ url, version, authenticated }: SnippetCall): string[] {
  const headers = [
    ...(authenticated ? [`-H "Authorization: Bearer $${KEY_VARIABLE}"`] : []),
    "-H 'Content-Type: application/json'",
    ...(version === null ? [] : [`-H ${shell(`${VERSION_HEADER}: ${version}`)}`]),
    `--data-binary @${FILE}`,
  ];
  return [`curl ${shell(url)}`, ...headers].map((line, at) => (at === 0 ? line : `  ${line}`)).map((line, at, all) => (at < all.length - 1 ? `${line} \\` : line));
}

function python({ url, version, authenticated }: SnippetCall): string[] {
  return [
    ...(authenticated ? ["import os"] : []),
    "import urllib.request",
    "",
    `with open("${FILE}", "rb") as file:`,
    "    data = file.read()",
    'headers = {"Content-Type": "application/json"}',
    ...(authenticated ? [`headers["Authorization"] = "Bearer " + os.environ["${KEY_VARIABLE}"]`] : []),
    ...(version === null ? [] : [`headers["${VERSION_HEADER}"] = ${literal(version)}`]),
    `request = urllib.request.Request(${literal(url)}, data=data, headers=headers, method="POST")`,
    "with urllib.request.urlopen(request) as response:",
    "    print(response.read().decode())",
  ];
}

function csharp({ url, version, authenticated }: SnippetCall): string[] {
  return [
    ...(authenticated ? ["using System.Net.Http.Headers;"] : []),
    "using System.Text;",
    "",
    "using var client = new HttpClient();",
    ...(authenticated
      ? [`var key = Environment.GetEnvironmentVariable("${KEY_VARIABLE}");`, 'client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);']
      : []),
    ...(version === null ? [] : [`client.DefaultRequestHeaders.Add("${VERSION_HEADER}", ${literal(version)});`]),
    `var content = new StringContent(File.ReadAllText("${FILE}"), Encoding.UTF8, "application/json");`,
    `var response = await client.PostAsync(${literal(url)}, content);`,
    "response.EnsureSuccessStatusCode();",
    "Console.WriteLine(await response.Content.ReadAsStringAsync());",
  ];
}

function javascript({ url, version, authenticated }: SnippetCall): string[] {
  return [
    `import { readFile } from ${literal("node:fs/promises")};`,
    "",
    `const response = await fetch(${literal(url)}, {`,
    '  method: "POST",',
    "  headers: {",
    '    "Content-Type": "application/json",',
    ...(authenticated ? [`    Authorization: \`Bearer \${process.env.${KEY_VARIABLE}}\`,`] : []),
    ...(version === null ? [] : [`    "${VERSION_HEADER}": ${literal(version)},`]),
    "  },",
    `  body: await readFile("${FILE}"),`,
    "});",
    "if (!response.ok) throw new Error(`status ${response.status}`);",
    "console.log(await response.text());",
  ];
}
