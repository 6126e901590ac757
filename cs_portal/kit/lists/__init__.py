"""Every list of the product: columns, filters, conditions, order, pages and files, declared once per list."""
