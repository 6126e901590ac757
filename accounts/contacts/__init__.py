"""All contacts of the customers of the gate."""
