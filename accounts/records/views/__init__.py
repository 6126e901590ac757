from .customers import (
    archived_customers_page,
    customer_archive,
    customer_data,
    customer_edit,
    customer_new,
    customer_restore,
)
from .duplicates import contact_merge, customer_merge
from .fields import (
    custom_field_archive,
    custom_field_edit,
    custom_field_new,
    custom_field_restore,
    custom_fields,
)
from .records import record_archive, record_edit, record_new, record_restore, records_page

__all__ = [
    "archived_customers_page",
    "contact_merge",
    "custom_field_archive",
    "custom_field_edit",
    "custom_field_new",
    "custom_field_restore",
    "custom_fields",
    "customer_archive",
    "customer_data",
    "customer_edit",
    "customer_merge",
    "customer_new",
    "customer_restore",
    "record_archive",
    "record_edit",
    "record_new",
    "record_restore",
    "records_page",
]
