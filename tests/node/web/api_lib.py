"""Asks the page's server as its OpenAPI file says, and holds each answer against it."""
import http.client
import json
import re
import sys
import time
from urllib.parse import quote, urlsplit

from checks import UNCHECKED, check

DOC = json.load(open(sys.argv[1], encoding="utf-8"))
HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")
asked = set()


# --- schemas -------------------------------------------------------------

def resolve(schema):
    while "$ref" in schema:
        at = DOC
        for part in schema["$ref"].split("/")[1:]:
            at = at[part]
        schema = at
    return schema


KINDS = {"string": lambda v: isinstance(v, str), "boolean": lambda v: isinstance(v, bool), "null": lambda v: v is None,
         "integer": lambda v: isinstance(v, int) and not isinstance(v, bool), "array": lambda v: isinstance(v, list),
         "object": lambda v: isinstance(v, dict)}


def fault(value, schema, at="$"):
    """Why a value is not of a schema; None: it is."""
    schema = resolve(schema)
    unknown = set(schema) - {"type", "properties", "required", "additionalProperties", "items", "enum", "pattern",
                             "minLength", "maxLength", "minimum", "maximum", "description"}
    check(not unknown, "the test does not know", unknown)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(KINDS[kind](value) for kind in kinds):
        return f"{at} is no {kinds}: {value!r}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{at} is none of {schema['enum']}: {value!r}"
    if isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 1 << 30):
            return f"{at} is too short or too long"
        if not re.search(schema.get("pattern", ""), value):
            return f"{at} does not fit: {value!r}"
    if KINDS["integer"](value) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return f"{at} is out of range"
    if isinstance(value, list):
        return next((f for i, v in enumerate(value) if (f := fault(v, schema.get("items", {}), f"{at}[{i}]"))), None)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        lacking = set(schema.get("required", [])) - set(value)
        extra = set(value) - set(known) if schema.get("additionalProperties") is False else set()
        if lacking or extra:
            return f"{at} lacks {lacking}, has beside {extra}"
        return next((f for k, v in value.items() if k in known and (f := fault(v, known[k], f"{at}.{k}"))), None)
    return None


# --- asking --------------------------------------------------------------

class Answer:
    def __init__(self, response):
        self.status, self.headers, self.raw = response.status, response.headers, response.read()
        self.type = (self.headers["Content-Type"] or "").split(";")[0]
        self.json = json.loads(self.raw) if self.type == "application/json" else None
        self.code = (self.json or {}).get("error", {}).get("code")
        self.subject = (self.json or {}).get("error", {}).get("subject")


class Browser:
    """One that keeps the cookie and knows the guard."""

    def __init__(self, url, source=None):
        self.url = urlsplit(url)
        self.source = source and (source, 0)  # the address that it comes from
        self.cookie = self.guard = None

    def connection(self):
        if self.url.scheme == "https":
            return http.client.HTTPSConnection(self.url.hostname, self.url.port, timeout=60, context=UNCHECKED, source_address=self.source)
        return http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=60, source_address=self.source)

    def log_in(self, worker, passphrase=None):
        """Logs in well, and keeps cookie and guard."""
        began = self.call("logIn", 201, {"worker": worker, **({"passphrase": passphrase} if passphrase else {})})
        self.cookie, self.guard = began.headers["Set-Cookie"].split(";")[0], began.json["guard"]
        return began

    def ask(self, method, path, body=None, raw=None, **more):
        headers = {"Accept-Language": "en", **({"Cookie": self.cookie} if self.cookie else {}),
                   **({"X-Yizhan-Guard": self.guard} if self.guard and method != "GET" else {})}
        if body is not None or raw is not None:
            headers["Content-Type"] = "application/json"
            raw = raw if raw is not None else json.dumps(body).encode()
        headers.update({name.replace("_", "-"): value for name, value in more.items()})
        connection = self.connection()
        connection.request(method, DOC["servers"][0]["url"] + path, raw, {k: v for k, v in headers.items() if v is not None})
        answer = Answer(connection.getresponse())
        connection.close()
        for header in HEADERS:
            check(answer.headers[header], method, path, "is answered without", header)
        check("unsafe" not in answer.headers["Content-Security-Policy"], "unsafe scripts")
        if answer.json is not None:
            check(answer.headers["Cache-Control"] == "no-store", path, "may be kept")
        return answer

    def call(self, operation, status, body=None, name="", query="", **more):
        """An operation of the file, its answer held against it."""
        path, method, doc = OPERATIONS[operation]
        asked.add((operation, status))
        answer = self.ask(method.upper(), re.sub(r"\{\w+\}", quote(name, safe=""), path) + query, body, **more)
        check(answer.status == status, operation, body, query, "expected", status, "found", answer.status, answer.json)
        said = doc["responses"].get(str(status), doc["responses"]["default"])
        check(answer.type in said["content"], operation, status, "is said as", answer.type)
        if answer.json is not None:
            why = fault(answer.json, said["content"][answer.type]["schema"])
            check(why is None, operation, status, why)
        return answer


OPERATIONS = {doc["operationId"]: (path, method, doc) for path, methods in DOC["paths"].items() for method, doc in methods.items()}
check(DOC["openapi"].startswith("3.1"), "no OpenAPI 3.1")
check(len(OPERATIONS) == sum(len(m) for m in DOC["paths"].values()), "two operations of one name")


def body_schema(operation):
    body = OPERATIONS[operation][2].get("requestBody", {"content": {}})["content"]
    return resolve(body["application/json"]["schema"]) if "application/json" in body else None


def wait(answer):
    """As long as Retry-After says."""
    time.sleep(int(answer.headers["Retry-After"]))


# --- misuse ----------------------------------------------------------------

BROKEN = (b"", b"[]", b"null", b"1", b'"x"', b"{", b'{"title":"a","title":"b"}', b'{"title":"\xff"}', b'{"title":"a\\u0000b"}',
          b'{"title":"a"} x', b"[" * 100000)
VALUES = (None, True, 0, -1, 1.5, 3651, 1 << 62, "", "nonsense", "a\u0001b", [], ["x"], {}, {"x": "y"})


def spoil(me, operation, good, member, schema, name, inside=None):
    """Each value that the schema does not have for this member is refused, by its name."""
    for value in VALUES:
        text = isinstance(value, str) and resolve(schema).get("type") == "string" and "enum" not in resolve(schema)
        if fault(value, schema) is None and value != "a\u0001b" or (text and value == "" and "minLength" not in resolve(schema)):
            continue
        body = json.loads(json.dumps(good))
        (body[inside] if inside else body)[member] = value
        answer = me.call(operation, 400, body, name=name)
        check(answer.subject == member or isinstance(value, dict), operation, body, "names", answer.subject)


def misuse(me, operation, bodies, name):
    """What is broken, unknown, huge or of the wrong kind is refused by this operation. bodies: [(member or "*", a body that is well)]."""
    for raw in BROKEN:
        me.call(operation, 400, raw=raw, name=name)
    for member, schema in body_schema(operation)["properties"].items():
        good = next(body for of, body in bodies if of in (member, "*"))
        spoil(me, operation, good, member, schema, name)
        check(me.call(operation, 400, {**good, member + "_": "x"}, name=name).subject == member + "_", "an unknown member")
    for inside, schema in body_schema(operation)["properties"].items():
        for member, inner in resolve(schema).get("properties", {}).items():
            spoil(me, operation, dict(bodies)["*"], member, inner, name, inside)
    me.call(operation, 413, raw=b'{"title":"' + b"x" * (256 * 1024) + b'"}', name=name)


def misuse_arguments(me, operations, status=400):
    """What is asked after "?" with a value that the argument does not have is refused, by its name."""
    for operation in operations:
        path, method, doc = OPERATIONS[operation]
        for argument in (p for p in doc.get("parameters", []) if p.get("in") == "query"):
            schema = argument["schema"]
            values = {"%ff", "a%01b", "x" * 1001}
            if schema["type"] == "integer":
                values |= {str(schema["minimum"] - 1), str(schema["maximum"] + 1), "-1", "1.5", "x", "0x1", "+1", "1e1", "9" * 30}
            if "enum" in schema or "pattern" in schema:
                values |= {"x", "TRUE", "2026-13", "%20" + schema.get("enum", ["2026-01"])[0], schema.get("enum", ["2026-01"])[0] + "%0a"}
            for value in sorted(values):
                more = "&as=csv" if operation.startswith("table") and argument["name"] != "as" else ""
                answer = me.call(operation, status, name="x", query=f"?{argument['name']}={value}{more}")
                check(answer.subject in (argument["name"], None) or status != 400, operation, argument["name"], value, "names", answer.subject)
