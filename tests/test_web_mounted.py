"""The application inside another one, as its users mount it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from webs import Web, children, get, program_server

from ogx_rdf.web.problems import HANDLERS, PROBLEM

PROGRAM = """
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from ogx_rdf import open_graph
from ogx_rdf.resources import resource
from ogx_rdf.serving.limits import Limits
from ogx_rdf.web import create_app
from ogx_rdf.web.run import run


def pages(ask):
    def documents(request):
        return JSONResponse(ask("documents", {}))

    def about(request):
        return JSONResponse(ask("claims-about", {"entity": request.query_params["entity"]}))

    return [Route("/documents", documents), Route("/about", about)]


app = create_app(open_graph(resource("ontology")), limits=Limits(workers=2, slow=1), pages=pages)
outer = Starlette(routes=[Mount("/kb", app)], lifespan=lambda _: app.router.lifespan_context(app))
run(outer, "127.0.0.1", 0, lambda address: print(address, flush=True))
"""


def read(web: Web, path: str) -> dict[str, object]:
    answered = get(web, path)
    assert answered.status == 200, answered.text
    found: dict[str, object] = json.loads(answered.body)
    return found


def test_it_works_below_another_address_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with program_server(PROGRAM, tmp_path) as web:
        listed = read(web, "/kb/queries")["rows"]
        assert isinstance(listed, list)
        assert read(web, listed[0]["results"])["answer"] in ("rows", "none")
        described = get(web, "/kb/sparql")
        assert "<http://www.example/kb/sparql#service>" in described.text
        assert described.headers["x-content-type-options"] == "nosniff"
        assert read(web, "/kb/openapi.json")["servers"] == [{"url": "http://www.example/kb"}]
        page = get(web, next(row["results"] for row in listed if row["id"] == "entities") + "?limit=1")
        following = re.fullmatch(r'<([^>]*)>; rel="next"', page.headers["link"])
        assert following is not None
        assert read(web, following[1])["page"] == {"limit": 1, "offset": 1, "total": int(page.headers["ogx-total"])}
        assert json.loads(get(web, "/kb/nothing").body)["code"] == "E667"
        assert get(web, "/sparql").status == 404
        for path in ("/kb/queries", "/kb/queries/claims-about", "/kb/sparql"):  # its pages have no questions
            assert get(web, path, Accept="text/html").status == 406
            assert get(web, path, Accept="text/html, */*;q=0.1").status == 200
        assert children(web.process.pid)
    assert list(tmp_path.iterdir()) == []


def test_pages_beside_it_ask_with_the_same_limits(tmp_path: Path) -> None:
    with program_server(PROGRAM, tmp_path) as web:
        for page, path in (("documents", "documents"), ("about", "claims-about")):
            asked = read(web, f"/kb/queries/{path}/results?{'entity=clusterin' if page == 'about' else ''}")
            assert read(web, f"/kb/{page}?entity=clusterin") == asked
        refused = get(web, "/kb/about?entity=clustering")
        assert refused.status == 400
        assert json.loads(refused.body)["code"] == "E501"


@pytest.mark.parametrize(
    ("accept", "media"),
    [("text/html,*/*;q=0.8", "text/html"), ("application/json", PROBLEM), ("*/*", PROBLEM), (None, PROBLEM)],
)
def test_what_nobody_foresaw_is_told_without_the_inside(accept: str | None, media: str) -> None:
    def fails(request: Request) -> Response:
        raise RuntimeError("the inside")

    app = Starlette(routes=[Mount("/kb", Starlette(routes=[Route("/x", fails)], exception_handlers=HANDLERS))])
    with TestClient(app, raise_server_exceptions=False) as client:
        client.headers.pop("accept")
        response = client.get("/kb/x", headers={"accept": accept} if accept else {})
    assert response.status_code == 500
    assert response.headers["content-type"].partition(";")[0] == media
    assert "E999" in response.text and "inside" not in response.text
    assert ('href="/kb/"' in response.text) is (media == "text/html")
