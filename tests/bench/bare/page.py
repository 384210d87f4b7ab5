"""What somebody would write with aiohttp and Jinja alone: ``python -m tests.bench.bare.page PORT``.

It renders a page of the same template, of the same size, and knows nobody.
"""

import sys

from aiohttp import web
from jinja2 import Environment, FileSystemLoader

from templates.answer_page import AnswerPage, PageButton
from templates.rendering import PAGES, script, style
from templates.texts import Texts

_QUESTION = "Насколько вероятно, что Вы порекомендуете нас друзьям или коллегам?"
_PAGE = AnswerPage(
    language="ru",
    company="Ромашка",
    path="/a/" + "x" * 32,
    form="x" * 33,
    heading=(((_QUESTION, ""),),),
    before=(((("1 из 6", "i"),),),),
    after=(((("0 — ни за что", ""),), (("10 — обязательно", ""),)),),
    numbers=tuple(PageButton(str(number), f"1:a:1:0:{number}") for number in range(11)),
    may_stop=True,
)


def main(port: int) -> None:
    """Serve until killed."""
    templates = Environment(loader=FileSystemLoader(PAGES), autoescape=True)
    template = templates.get_template("answer.html.j2")
    css, js = style("answer.css")[0], script("answer.js")[0]

    async def page(_: web.Request) -> web.Response:
        html = template.render(
            _=Texts("ru"), page=_PAGE, chosen=None, title=_QUESTION, css=css, js=js
        )
        return web.Response(text=html, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
