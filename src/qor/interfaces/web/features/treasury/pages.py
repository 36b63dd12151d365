"""Pages of contracts, cash and payment orders."""

from __future__ import annotations

from qor.interfaces.web.features.treasury import cash, orders
from qor.interfaces.web.kernel.page import POST, Page
from qor.workflow.accounts.models import User

Role = User.Role
_PAYS = frozenset({Role.ACCOUNTANT})
PAGES = (
    Page(
        "contracts",
        "contracts/",
        cash.contracts,
        frozenset({Role.ACCOUNTANT, Role.AUDITOR, Role.HEAD_OFFICE, Role.PROVIDER}),
        menu=50,
    ),
    Page(
        "cash",
        "cash/",
        cash.cash,
        frozenset({Role.ACCOUNTANT, Role.AUDITOR, Role.HEAD_OFFICE}),
        menu=80,
    ),
    Page("orders_make", "cash/orders/", orders.orders_make, _PAYS, takes=POST),
    Page("order_told", "cash/orders/<int:pk>/", orders.order_told, _PAYS, takes=POST),
    Page("orders_send", "cash/send/", orders.orders_send, _PAYS, takes=POST),
    Page("bank_file", "cash/files/<str:sha256>/", orders.bank_file, _PAYS),
)
