"""A reading in the words of the corpus: what `python bot.py read` writes, and what the reading is scored by."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from language.amounts import base_quantity, split_quantities
from language.reader import read
from language.reading import Ask, Change, Context, Line, Named, Pending, Reading, SaidDay, Split
from language.tables import Tables

Answer = dict[str, Any]

_FLAGS = ("urgent", "free_shipping", "freight_collect", "pickup", "repeat_last", "confirm", "drop_pending")
_TEXTS = ("contact", "phone", "carrier", "channel", "conclusion", "todo", "reason", "flag", "order_tail", "order_hint")
_BY_CUSTOMER = ("customer",)


class Answers:
    """Turns readings over one catalogue into answers, and the context of a corpus line into the reading's own."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._catalogue = tables.catalogue
        self._customers = {code: number for number, code in tables.customer_ids.items()}
        self._products = {product.code: product.id for product in self._catalogue.products.values()}

    def of(self, given: Mapping[str, Any], today: date) -> Answer:
        """The answer line to a line of the corpus: its `text`, read in its `context`."""
        reading = read(given["text"], self._catalogue, today, self.context(given.get("context") or {}))
        return {"id": given.get("id"), "intent": reading.intent or "other", "answer": self.answer(reading)}

    def answer(self, reading: Reading) -> Answer:
        """All keys that the reading fills."""
        build = self._SHAPES.get(reading.intent, Answers._other)
        return {key: value for key, value in build(self, reading).items() if value not in (None, "", [], False)}

    def context(self, given: Mapping[str, Any]) -> Context:
        """The context of a corpus line."""
        pending = given.get("pending")
        return Context(customer=self._customers.get(given.get("customer", "")), pending=self._pending(pending) if pending else None)

    def _pending(self, given: Mapping[str, Any]) -> Pending:
        ids = self._customers if given["ask"] in _BY_CUSTOMER else self._products
        candidates = tuple(ids[code] for code in given.get("candidates", ()) if code in ids)
        lines = tuple(self._known_line(line, candidates if given["ask"] == "product" else ()) for line in given.get("lines", ()))
        customer = Named(id=self._customers.get(given["customer"])) if "customer" in given else None
        if given["ask"] == "customer":
            customer = Named(candidates=candidates, count=len(candidates))
        day = SaidDay(said=given["date"], day=given["date"]) if given.get("date") else None
        flags = {name: True for name in _FLAGS if given.get(name)}
        texts = {name: given[name] for name in _TEXTS if given.get(name)} | ({"order": given["order"]} if given.get("order") else {})
        about, also = (tuple(given.get(name) or ()) for name in ("about", "also"))
        changes = tuple(self._known_change(change) for change in given.get("changes", ()))
        said = {"lines": lines, "customer": customer, "day": day, "about": about, "also": also, "changes": changes, **flags, **texts}
        reading = Reading(intent=given.get("intent", "place"), **said)
        return Pending(ask=given["ask"], reading=reading, candidates=candidates)

    def _known_line(self, given: Mapping[str, Any], candidates: tuple[int, ...]) -> Line:
        code = given.get("product")
        product = Named(said=code, id=self._products.get(code)) if code else Named(candidates=candidates, count=len(candidates))
        number = Decimal(str(given["qty"])) if given.get("qty") is not None else None
        return Line(product=product, number=number, unit=given.get("unit"))

    def _known_change(self, given: Mapping[str, Any]) -> Change:
        line = self._known_line(given, ()) if {"product", "qty"} & set(given) else None
        day = SaidDay(said=given["date"], day=given["date"]) if given.get("date") else None
        known = {name: Decimal(str(given[name])) for name in ("factor", "price") if name in given}
        to = Named(said=given["to"], id=self._products.get(given["to"])) if "to" in given else None
        if "from" in given:
            line = Line(product=Named(said=given["from"], id=self._products.get(given["from"])))
        return Change(op=given["op"], line=line, to=to, day=day, days=given.get("days"), value=given.get("value"), **known)

    def _common(self, reading: Reading) -> Answer:
        said: Answer = {name: getattr(reading, name) for name in (*_FLAGS, *_TEXTS)}
        said |= {
            "order": None if reading.order_tail else reading.order and reading.order.upper(),
            "customer": self._customer(reading.customer),
        }
        return said | {"about": list(reading.about), "also": list(reading.also)} | self._ask(reading.ask)

    def _place(self, reading: Reading) -> Answer:
        said = self._common(reading) | self._day(reading.day) | {"lines": self._lines(reading.lines)}
        said |= {"ship_to": reading.address, "note": reading.remarks}
        return said | {"orders": [self.answer(order) for order in reading.orders]}

    def _amend(self, reading: Reading) -> Answer:
        said = self._common(reading)
        return self._only(said, "customer", "order", "order_tail", "order_hint", "ask", "candidates", "also") | {
            "changes": [self._change(change) for change in reading.changes]
        }

    def _cancel(self, reading: Reading) -> Answer:
        return self._only(
            self._common(reading), "customer", "order", "order_tail", "order_hint", "reason", "drop_pending", "ask", "candidates"
        )

    def _query(self, reading: Reading) -> Answer:
        said = self._only(self._common(reading), "customer", "order", "order_tail", "order_hint", "about", "also", "ask", "candidates")
        return said | {"lines": self._lines(reading.lines)}

    def _stock(self, reading: Reading) -> Answer:
        amounts = [amount for line in reading.lines if line.number is not None and (amount := base_quantity(self._catalogue, line))]
        meant = dict.fromkeys(code for line in reading.lines for code in self._meant(line.product))
        said = self._only(self._common(reading), "customer", "about", "also", "ask", "candidates")
        return said | {"products": list(meant), "base_qty": _number(amounts[0]) if amounts else None}

    def _log(self, reading: Reading) -> Answer:
        keys = ("customer", "order", "order_tail", "order_hint", "contact", "channel", "conclusion", "todo", "ask", "candidates")
        time = reading.time.strftime("%Y-%m-%dT%H:%M") if reading.time else None
        return self._only(self._common(reading), *keys) | self._day(reading.day) | {"time": time}

    def _other(self, reading: Reading) -> Answer:
        return {"flag": reading.flag, "customer": self._customer(reading.customer)}

    _SHAPES: Mapping[str, Callable[["Answers", Reading], Answer]] = {
        "place": _place,
        "amend": _amend,
        "cancel": _cancel,
        "query": _query,
        "stock": _stock,
        "log": _log,
    }

    @staticmethod
    def _only(said: Answer, *keys: str) -> Answer:
        return {key: said[key] for key in keys if key in said}

    def _lines(self, lines: Iterable[Line]) -> list[Answer]:
        return [self._line(line) for line in lines if line.product.id is not None]

    def _line(self, line: Line) -> Answer:
        said = self._counted(line) | {"price": _number(line.price), "tax_included": line.tax_included, "approx": line.about}
        if line.splits:
            amounts = split_quantities(self._catalogue, line)
            said["splits"] = [{"base_qty": _number(amount), "date": _iso(split.day)} for split, amount in zip(line.splits, amounts)]
        return {key: value for key, value in said.items() if value is not None and (value is not False or key == "tax_included")}

    def _counted(self, line: Line) -> Answer:
        """The product, and the quantity as said and in base units; two units as one: 1箱零2盒 is 700支."""
        product, base = self._catalogue.products.get(line.product.id or 0), base_quantity(self._catalogue, line)
        number, unit = line.number, line.unit or (product.unit if product and base is not None else None)
        if line.plus and product and base is not None:
            number, unit = base, product.unit
        said = {"product": product.code if product else None, "qty": _number(number), "unit": unit}
        return {key: value for key, value in (said | {"base_qty": _number(base)}).items() if value is not None}

    def _change(self, change: Change) -> Answer:
        said: Answer = {"op": change.op, "days": change.days, "factor": _number(change.factor), "price": _number(change.price)}
        said |= {"value": change.value, "date": _iso(change.day)}
        if change.op == "replace":
            said |= {"from": self._code(change.line.product) if change.line else None, "to": self._code(change.to)}
        elif change.line:
            said |= self._counted(change.line)
        said["parts"] = [self._part(change, part) for part in change.parts] or None
        return {key: value for key, value in said.items() if value is not None}

    def _part(self, change: Change, part: Split) -> Answer:
        line = change.line or Line()
        amount = split_quantities(self._catalogue, line.model_copy(update={"splits": (part,)}))[0] if not part.rest else None
        said = {"fraction": _number(part.fraction), "base_qty": _number(amount), "rest": part.rest or None, "date": _iso(part.day)}
        return {key: value for key, value in said.items() if value is not None and not (key == "base_qty" and part.fraction)}

    def _ask(self, ask: Ask | None) -> Answer:
        if ask is None:
            return {}
        if ask.field in _BY_CUSTOMER:
            return {"ask": ask.field, "candidates": [self._tables.customer_ids[number] for number in ask.candidates]}
        return {"ask": ask.field, "candidates": [self._catalogue.products[number].code for number in ask.candidates]}

    def _customer(self, named: Named | None) -> str | None:
        return self._tables.customer_ids.get(named.id or 0) if named else None

    def _code(self, named: Named | None) -> str | None:
        return self._catalogue.products[named.id].code if named and named.id else None

    def _meant(self, named: Named) -> list[str]:
        ids = (named.id,) if named.id else named.candidates
        return [self._catalogue.products[number].code for number in ids]

    @staticmethod
    def _day(day: SaidDay | None) -> Answer:
        return {"date": _iso(day), "date_from": day.first.isoformat() if day and day.first else None, "part": day.part if day else None}


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _iso(day: SaidDay | None) -> str | None:
    return day.day.isoformat() if day and day.day else None
