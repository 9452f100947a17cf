"""What `/api` answers, as models: they make the OpenAPI description, and the tests hold the answers against them."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

_Decimal = Annotated[str, Field(description="a decimal as text", pattern=r"^-?\d+(\.\d+)?$")]
_Date = Annotated[str, Field(description="YYYY-MM-DD", pattern=r"^\d{4}-\d\d-\d\d$")]
_Moment = Annotated[str, Field(description="ISO 8601 with offset", pattern=r"^\d{4}-\d\d-\d\dT.*[+-]\d\d:\d\d$")]


class _Object(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CustomerRef(_Object):
    """Whose order it is."""

    code: str
    name: str


class ReservationModel(_Object):
    """Part of a line that is held at one place."""

    warehouse: str
    location: str
    batch: str
    quantity: _Decimal


class MaterialModel(_Object):
    """A component in stock that is held for making a line's goods."""

    product: str
    name: str
    quantity: _Decimal
    unit: str
    warehouse: str
    location: str
    batch: str


class SplitModel(_Object):
    """One part of a partial shipment; without a date it goes as soon as it can."""

    quantity: _Decimal
    date: _Date | None


class LineModel(_Object):
    """One product of an order; `product` is its code."""

    product: str
    name: str
    quantity: _Decimal
    unit: str
    price: _Decimal
    amount: _Decimal
    splits: list[SplitModel] = Field(description="partial shipments; empty: all at once")
    reservations: list[ReservationModel]
    materials: list[MaterialModel] = Field(description="held from scheduling until the goods are taken in")


class PartLineModel(_Object):
    """What of one product is in a part."""

    product: str
    name: str
    quantity: _Decimal
    unit: str


class FulfilmentModel(_Object):
    """One warehouse's part of an order."""

    warehouse: str
    part: int = Field(description="counts what leaves at different times")
    due_on: _Date | None = Field(description="the day agreed for this part; null: as soon as it can")
    lines: list[PartLineModel]
    stage: str
    carrier: str | None
    waybill: str | None
    shipped_at: _Moment | None
    last_trace_at: _Moment | None


class SnapshotModel(_Object):
    """A version of the order for good; each carries the hash of the one before."""

    version: int
    at: _Moment
    by: str | None
    content: dict[str, Any]
    changes: list[dict[str, Any]]
    impact: str | None
    hash: str


class AmendmentModel(_Object):
    """A change or cancellation that was asked for; after picking it counts once the goods are intercepted."""

    kind: str = Field(description="amend or cancel")
    state: str = Field(description="waiting (for an interception), applied or refused")
    base_version: int = Field(description="the version that it changes")
    version: int | None = Field(description="the version that it made")
    by: str | None
    created_at: _Moment
    settled_at: _Moment | None
    changes: list[dict[str, Any]] = Field(description="what was asked for, each with its `op`")
    impact: str
    outcome: str | None = Field(description="what the interception achieved")


class EventModel(_Object):
    """Something that has happened to the order."""

    at: _Moment
    kind: str
    by: str | None
    data: dict[str, Any]
    hash: str


class SignerModel(_Object):
    """Somebody who may sign."""

    name: str
    because: str = Field(description="named, delegate or escalation")
    for_: str | None = Field(alias="for", description="in whose place")


class DecisionModel(_Object):
    """What was decided, for good."""

    decision: str = Field(description="approve or reject")
    by: str
    for_: str | None = Field(alias="for", description="in whose place")
    reason: str | None
    at: _Moment
    platform: str
    version: int
    snapshot_hash: str = Field(description="what the order said at that moment")
    hash: str


class SeatModel(_Object):
    """One signature that a step asks for."""

    name: str
    signers: list[SignerModel]
    decision: DecisionModel | None


class ApprovalModel(_Object):
    """One step of the order's approval."""

    round: int = Field(description="counts how often the order was put to approval")
    position: int
    name: str
    reason: str
    version: int
    state: str = Field(description="waiting, open, approved, rejected, or void when an amendment has overtaken it")
    need: int = Field(description="how many seats have to agree")
    level: int = Field(description="how often it has climbed to a manager")
    opened_at: _Moment | None
    due_at: _Moment | None
    closed_at: _Moment | None
    seats: list[SeatModel]


class TaskModel(_Object):
    """Something that somebody has to do for the order."""

    id: int
    kind: str
    title: str
    role: str | None
    assignee: str | None
    state: str
    created_at: _Moment
    due_at: _Moment | None
    done_at: _Moment | None
    done_by: str | None


class LogModel(_Object):
    """What was agreed with the customer; never changed, only added to."""

    at: _Moment
    by: str | None
    contact: str
    channel: str | None
    talked_at: _Moment
    conclusion: str
    todo: str | None
    todo_due: _Moment | None
    occasion: str = Field(description="talk, amend or cancel")
    hash: str


class InvoiceModel(_Object):
    """That the order was invoiced."""

    at: _Moment
    by: str | None
    version: int
    amount: _Decimal


class OfferModel(_Object):
    """One word of the negotiation of a date."""

    id: int
    version: int
    at: _Moment
    by: str | None = Field(description="null: the desk itself")
    side: str = Field(description="sales, production or desk")
    kind: str = Field(description="open, date, parts, accept or over")
    day: _Date | None
    parts: list[dict[str, Any]]
    text: str
    asks: str | None = Field(description="of what opens it, the role that answers for the goods")
    reasons: list[dict[str, Any]] = Field(description="of what opens it, why no earlier day can be promised")


class OrderModel(_Object):
    """A confirmed order."""

    no: str
    version: int
    stage: str
    on_hold: str | None = Field(description="why the order waits")
    customer: CustomerRef
    salesperson: str | None
    urgent: bool
    trial: bool
    free_shipping: bool
    address: str | None
    contact: str | None = Field(description="who receives the goods")
    phone: str | None = Field(description="their phone")
    carrier: str | None = Field(description="the carrier that the customer wishes")
    pickup: bool
    freight_collect: bool
    remarks: str | None
    lines: list[LineModel]
    total: _Decimal
    wanted_date: _Date | None
    promisable_date: _Date | None
    promised_date: _Date | None
    promised_ship_at: _Moment | None
    gap_days: int = Field(description="how many days what can be promised lies after what is wanted")
    date_open: bool = Field(description="sales and production have still to agree on a date: the order waits")
    agreed_date: _Date | None
    created_at: _Moment
    fulfilments: list[FulfilmentModel]
    snapshots: list[SnapshotModel]
    amendments: list[AmendmentModel]
    logs: list[LogModel]
    approvals: list[ApprovalModel]
    tasks: list[TaskModel]
    offers: list[OfferModel]
    invoices: list[InvoiceModel] = Field(description="one at most")
    events: list[EventModel]


class OrdersModel(_Object):
    """A page of orders, newest first."""

    orders: list[OrderModel]
    next: str | None = Field(description="pass it as `cursor` to get the next page; null on the last one")


class ErrorModel(_Object):
    """Why there is no answer."""

    error: str


_PARAMETERS = {
    "customer": "code or name",
    "stage": "code of the stage, such as approved",
    "salesperson": "name",
    "since": "created at or after: YYYY-MM-DD in the company's zone, or ISO 8601 with offset",
    "limit": "1 to 200, else 50",
    "cursor": "`next` of the page before",
}


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 description of `/api`."""
    models: list[tuple[type[BaseModel], Any]] = [(model, "serialization") for model in (OrderModel, OrdersModel, ErrorModel)]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    query = [{"name": name, "in": "query", "description": text, "schema": {"type": "string"}} for name, text in _PARAMETERS.items()]
    number = {"name": "no", "in": "path", "required": True, "description": "the full order number", "schema": {"type": "string"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Gendan 跟单", "version": "1"},
        "security": [{"bearer": []}],
        "paths": {
            "/api/orders": {"get": _operation("Orders, newest first", query, "OrdersModel", ("400",))},
            "/api/orders/{no}": {"get": _operation("One order", [number], "OrderModel", ("404",))},
        },
        "components": {"schemas": schemas["$defs"], "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(summary: str, parameters: list[dict[str, Any]], answer: str, errors: tuple[str, ...]) -> dict[str, Any]:
    responses = {status: _response("ErrorModel") for status in ("401", "403", *errors)}
    return {"summary": summary, "parameters": parameters, "responses": {"200": _response(answer), **responses}}


def _response(model: str) -> dict[str, Any]:
    return {"description": model, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}}}}
