"""The routes of pages, `/api`, health and figures, added to the app that bot.py assembles."""

from aiohttp import web
from redis import Redis

from pages.api import Api
from pages.draft_page import draft_page
from pages.health import Health
from pages.html import not_found, page
from pages.metrics import Metrics
from pages.order_page import evidence_pdf, order_page
from pages.progress_page import progress_page
from pages.reader import Reader
from store.tokens import BadToken, Signer, signing_key
from store.transaction import Store


def add_routes(app: web.Application, store: Store, redis: Redis) -> None:
    """Everything read-only that a browser or another program asks for."""
    reader = Reader(store)
    app.cleanup_ctx.append(reader.serve)
    pages, api, health = Pages(store, reader), Api(store.settings, reader), Health(reader, redis)
    app.add_routes(
        [
            web.get("/o/{token}", pages.order),
            web.get("/o/{token}/evidence.pdf", pages.evidence),
            web.get("/d/{token}", pages.draft),
            web.get("/t/{token}", pages.progress),
            web.get("/api/orders", api.orders),
            web.get("/api/orders/{no}", api.order),
            web.get("/api/openapi.json", api.description),
            web.get("/healthz", health.alive),
            web.get("/readyz", health.ready),
            web.get("/metrics", Metrics(reader).show),
        ]
    )


class Pages:
    """The pages behind signed links."""

    def __init__(self, store: Store, reader: Reader) -> None:
        self._reader = reader
        with store.transaction() as tx:
            self._signer = Signer(signing_key(tx.session))

    async def order(self, request: web.Request) -> web.Response:
        """An order for staff."""
        parts = self._opened("order", request)
        shown = await self._reader.read(lambda tx: order_page(tx, *parts)) if parts else None
        return page(shown[0], **shown[1]) if shown else not_found()

    async def evidence(self, request: web.Request) -> web.Response:
        """The signed record of an order's last approval; a warehouse's link, which shows no prices, does not lead to it."""
        parts = self._opened("order", request)
        pdf = await self._reader.read(lambda tx: evidence_pdf(tx, parts[0])) if len(parts) == 2 else None
        if pdf is None:
            return not_found()
        name = {"Content-Disposition": f'inline; filename="{parts[0]}.pdf"', "Cache-Control": "no-store"}
        return web.Response(body=pdf, content_type="application/pdf", headers=name)

    async def draft(self, request: web.Request) -> web.Response:
        """A draft with all its lines, for whom it was shown to."""
        parts = self._opened("draft", request)
        shown = await self._reader.read(lambda tx: draft_page(tx, *parts)) if parts else None
        return page("draft.html", **shown) if shown else not_found()

    async def progress(self, request: web.Request) -> web.Response:
        """An order's progress for its customer."""
        parts = self._opened("progress", request)
        shown = await self._reader.read(lambda tx: progress_page(tx, *parts)) if parts else None
        return page("progress.html", progress=shown) if shown else not_found()

    def _opened(self, purpose: str, request: web.Request) -> list[str]:
        try:
            return self._signer.open(purpose, request.match_info["token"])
        except BadToken:
            return []
