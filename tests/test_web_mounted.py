"""The application inside another one, as its users mount it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from webs import Web, children, get, program_server

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
