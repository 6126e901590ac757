"""What every REST endpoint shares and no model knows: session login, parsing, pages, errors, ETags, description."""
