"""What can go wrong between here and a server: each is a failure that names the server, and never a shorter answer."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest
from conftest import require
from servers import Scripted, http

from ogx_rdf.errors import InputError, OgxError, UsageError
from ogx_rdf.model import Literal
from ogx_rdf.store import RemoteStore
from ogx_rdf.store.transport import timeout_given

ONE, TWO = ('{"x":{"type":"literal","value":"' + number + '"}}' for number in "12")
ROWS = f'{{"head":{{"vars":["x"]}},"results":{{"bindings":[{ONE},{TWO}]}}}}'
CUT = ROWS[: ROWS.index(',{"x"')]
QUERY = "SELECT ?x WHERE { ?x ?p ?o }"


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials but those of the test, and no pause between tries."""
    for name in ("OGX_RDF_USER", "OGX_RDF_PASSWORD", "OGX_RDF_TOKEN", "OGX_RDF_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    monkeypatch.setattr("ogx_rdf.store.transport.PAUSE", 0.01)


def asked(*answers: bytes | tuple[bytes, float], timeout: float = 5) -> tuple[list[str], Scripted]:
    with Scripted(answers) as server:
        store = RemoteStore(server.url, union=False, timeout=timeout)
        return [str(row[0]) for row in store.select(QUERY).rows], server


def refused(*answers: bytes | tuple[bytes, float], timeout: float = 5) -> InputError:
    with Scripted(answers) as server, pytest.raises(InputError) as caught:
        RemoteStore(server.url, union=False, timeout=timeout).select(QUERY)
    assert caught.value.exit_code == 3
    assert server.url in caught.value.message
    return caught.value


def chunked(*parts: str, end: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(f"{len(part):x}\r\n{part}\r\n".encode() for part in parts)
    return http(body + end, "Transfer-Encoding: chunked", length=None)


def test_a_whole_answer_is_read_however_it_is_framed() -> None:
    for answer in (http(ROWS), http(ROWS, length=None), chunked(ROWS[:30], ROWS[30:]), http(f"\n{ROWS} \n")):
        assert asked(answer)[0] == ["1", "2"]


BROKEN = {
    "cut before the announced length": (http(CUT, length=len(ROWS)), "E416"),
    "cut where a row ends, before the announced length": (http(CUT + "]}}", length=900), "E416"),
    "whole rows, and still shorter than announced": (http(ROWS, length=len(ROWS) + 7), "E416"),
    "cut without any length": (http(CUT, length=None), "E417"),
    "cut after the last row": (http(ROWS[:-2], length=None), "E417"),
    "a length that is that of the cut body": (http(CUT), "E417"),
    "no body": (http(""), "E417"),
    "a chunk that ends early": (chunked(end=b"ff\r\n" + ROWS[:20].encode()), "E416"),
    "no last chunk": (chunked(ROWS, end=b""), "E416"),
    "no last chunk, and half of the rows": (chunked(CUT, end=b""), "E416"),
    "chunks that are none": (chunked(CUT, end=b"zz\r\n"), "E416"),
    "an error behind the rows": (http(ROWS + "\nVirtuoso S1T00 Error SR171: timed out"), "E417"),
    "an error among the rows": (http(CUT + ", Error: out of memory"), "E417"),
    "an error instead of rows": (http("Error: out of memory"), "E417"),
    "another object": (http('{"error":"x"}'), "E417"),
    "rows without their columns": (http('{"results":{"bindings":[{"x":{"type":"literal","value":"1"}}]}}'), "E417"),
    "other columns": (http(ROWS.replace('["x"]', '["x","y"]')), "E417"),
    "a page": (http("<html>Welcome</html>", "Content-Type: text/html"), "E417"),
    "text of no type": (http(ROWS, "Content-Type: text/plain"), "E417"),
    "partial content": (http(ROWS, status="206 Partial Content"), "E418"),
    "a time limit of Virtuoso's": (http(ROWS, "X-SQL-State: S1TAT"), "E418"),
    "a coding that was not asked for": (http(ROWS, "Content-Encoding: gzip"), "E417"),
}


@pytest.mark.parametrize(("answer", "code"), BROKEN.values(), ids=BROKEN)
def test_what_is_not_the_whole_answer_is_a_failure(answer: bytes, code: str) -> None:
    assert refused(answer).code == code


def test_a_truth_value_that_ends_early_is_a_failure() -> None:
    whole = '{"head":{},"boolean":true}'
    for body, fine in ((whole, True), (whole[:-1], False), (whole + " Error", False)):
        with Scripted([http(body, length=None)]) as server:
            store = RemoteStore(server.url, union=False)
            if fine:
                assert str(store.select("ASK { ?s ?p ?o }").rows[0][0]) == "true"
            else:
                with pytest.raises(InputError) as caught:
                    store.select("ASK { ?s ?p ?o }")
                assert caught.value.code == "E417"


def test_rows_are_given_while_they_come_and_the_end_is_still_checked() -> None:
    with Scripted([http(CUT, length=len(ROWS))]) as server:
        columns, rows = RemoteStore(server.url, union=False).stream(QUERY)
        assert columns == ["x"]
        with pytest.raises(InputError, match="broke off"):
            list(rows)


def test_silence_is_a_failure_that_says_what_to_do() -> None:
    for answer in ((b"", 5.0), (http(CUT, length=len(ROWS)), 5.0)):
        error = refused(answer, timeout=0.2)
        assert error.code == "E415"
        assert "OGX_RDF_TIMEOUT" in str(error.hint)


def test_a_read_is_tried_again_and_not_for_ever() -> None:
    busy = http("busy", status="503 Service Unavailable")
    found, server = asked(busy, b"", busy, http(ROWS))
    assert found == ["1", "2"]
    assert len(server.asked) == 4
    assert refused(busy, busy, busy, busy, http(ROWS)).code == "E414"


def test_an_update_is_sent_once() -> None:
    with Scripted([http('{"head":{},"boolean":true}'), http("busy", status="503 Busy"), http("")]) as server:
        store = RemoteStore(server.url, union=False, update_url=server.url, data_url=server.url)
        with pytest.raises(InputError) as caught:
            store.update("INSERT DATA { <urn:a> <urn:b> 1 }")
    assert caught.value.code == "E414"
    assert len(server.asked) == 2


REFUSALS = {
    "400": (http("line 1: bad", status="400 Bad Request"), "E413", "line 1: bad"),
    "403": (http("", status="403 Forbidden"), "E411", "refuses these credentials"),
    "404": (http("", status="404 Not Found"), "E412", "no such endpoint"),
    "500": (http("stack\n\x1b[0moverflow", status="500 Oops"), "E414", "stack [0moverflow"),
    "301": (http("", "Location: https://example.org/q", status="301 Moved"), "E419", "https://example.org/q"),
}


@pytest.mark.parametrize(("answer", "code", "told"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_says_what_the_server_said(answer: bytes, code: str, told: str) -> None:
    error = refused(answer)
    assert error.code == code
    assert told in error.message


def test_nobody_there_and_no_such_name() -> None:
    with Scripted([]) as server:
        url = server.url
    for place in (url, "http://nowhere.invalid/sparql"):
        with pytest.raises(InputError) as caught:
            RemoteStore(place, union=False).select(QUERY)
        assert caught.value.code == "E410"
        assert place in caught.value.message


@pytest.mark.parametrize(
    "url", ["ftp://example.org/x", "example.org", "http://", "http://me:secret@example.org/sparql"]
)
def test_an_address_that_is_none_or_holds_a_password_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        RemoteStore(url)
    assert caught.value.code == "E420"
    assert "secret" not in caught.value.text()


@pytest.mark.parametrize("text", ["soon", "0", "-3", "inf", "nan"])
def test_a_timeout_is_a_number_of_seconds(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGX_RDF_TIMEOUT", text)
    with pytest.raises(UsageError):
        timeout_given()
    assert timeout_given(3) == 3


WHO = "WWW-Authenticate: {}"
DIGEST = 'Digest realm="SPARQL", nonce="abc", qop="auth", algorithm="MD5"'


@pytest.mark.parametrize(
    ("challenge", "environment", "starts"),
    [
        ('Basic realm="x"', {"OGX_RDF_USER": "me", "OGX_RDF_PASSWORD": "se:cret"}, "Basic bWU6c2U6Y3JldA=="),
        (DIGEST, {"OGX_RDF_USER": "me", "OGX_RDF_PASSWORD": "secret"}, 'Digest username="me", realm="SPARQL"'),
        ("Bearer", {"OGX_RDF_TOKEN": "t0ken"}, "Bearer t0ken"),
    ],
)
def test_credentials_are_sent_to_a_server_that_asks_for_them(
    challenge: str, environment: dict[str, str], starts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    who = http("", WHO.format(challenge), status="401 Unauthorized")
    with Scripted([who, http(ROWS), http(ROWS)]) as server:
        store = RemoteStore(server.url, union=False)
        assert len(store.select(QUERY)) == len(store.select(QUERY)) == 2
    first, *rest = (request.decode() for request in server.asked)
    assert "Authorization" not in first
    assert len(rest) == 2
    assert all(f"Authorization: {starts}" in request for request in rest)


def test_netrc_has_credentials_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine 127.0.0.1 login me password secret\n", encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    found, server = asked(http("", WHO.format("Basic"), status="401 Unauthorized"), http(ROWS))
    assert len(found) == 2
    assert b"Authorization: Basic bWU6c2VjcmV0" in server.asked[1]
    file.write_text("machine 127.0.0.1 surname secret", encoding="utf-8")
    error = refused_by_name(file)
    assert "secret" not in error.text()


def refused_by_name(file: Path) -> OgxError:
    with (
        Scripted([http("", WHO.format("Basic"), status="401 Unauthorized")]) as server,
        pytest.raises(InputError) as caught,
    ):
        RemoteStore(server.url, union=False).select(QUERY)
    assert caught.value.file == str(file)
    return caught.value


def test_wrong_credentials_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGX_RDF_USER", "me")
    monkeypatch.setenv("OGX_RDF_PASSWORD", "pssst")
    who = http("", WHO.format(DIGEST), status="401 Unauthorized")
    error = refused(who, who)
    assert error.code == "E411"
    assert "pssst" not in error.text()


def test_no_credentials_go_where_they_are_not_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGX_RDF_TOKEN", "t0ken")
    with (
        Scripted([http("", WHO.format("Bearer"), status="401 Unauthorized")]) as server,
        pytest.raises(InputError, match="refuses these credentials"),
    ):
        RemoteStore(server.url, union=False, login=False).select(QUERY)
    assert b"t0ken" not in b"".join(server.asked)


def test_a_password_does_not_go_over_an_open_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from ogx_rdf.store.login import Login

    monkeypatch.setenv("OGX_RDF_USER", "me")
    monkeypatch.setenv("OGX_RDF_PASSWORD", "secret")
    with pytest.raises(InputError, match="asks for a password over http"):
        Login("http://example.org/sparql").challenged(['Basic realm="x"'])
    assert Login("http://example.org/sparql").challenged([DIGEST])
    assert Login("https://example.org/sparql").challenged(['Basic realm="x"'])
    assert "secret" not in repr(vars(Login("https://example.org/sparql")))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    program = shutil.which("openssl")
    require("openssl", program, "openssl, which makes a certificate for the test, is not installed")
    assert program is not None
    words = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    place = tmp_path / "server.pem"
    words += f" -keyout {tmp_path / 'key.pem'} -out {tmp_path / 'cert.pem'}"
    subprocess.run([program, *words.split()], check=True, capture_output=True)
    place.write_bytes((tmp_path / "key.pem").read_bytes() + (tmp_path / "cert.pem").read_bytes())
    return place


def test_a_certificate_is_verified(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Scripted([http(ROWS)], context) as server, pytest.raises(InputError, match="is not trusted") as caught:
        RemoteStore(server.url, union=False).select(QUERY)
    assert "SSL_CERT_FILE" in str(caught.value.hint)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.parent / "cert.pem"))
    with Scripted([http(ROWS)], context) as server:
        assert len(RemoteStore(server.url, union=False).select(QUERY)) == 2


def test_a_short_question_goes_as_get_and_a_long_one_as_a_form() -> None:
    with Scripted([http(ROWS), http(ROWS)]) as server:
        store = RemoteStore(server.url, union=False)
        store.select(QUERY)
        store.select(QUERY, {"x": Literal("long " * 1000)})
    short, long = server.asked
    assert short.startswith(b"GET /sparql?query=SELECT")
    assert long.startswith(b"POST /sparql HTTP")
    assert b"application/x-www-form-urlencoded" in long
    assert all(b"application/sparql-results+json" in request for request in server.asked)


@pytest.mark.parametrize("query", ["DROP ALL", "SELECT * { SERVICE <urn:x> { ?s ?p ?o } }", "SELECT * FROM <urn:g> {}"])
def test_only_reads_reach_a_server(query: str) -> None:
    with Scripted([http(ROWS)]) as server, pytest.raises(UsageError, match="refused"):
        RemoteStore(server.url, union=False).select(query)
    assert server.asked == []
