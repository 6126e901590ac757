"""The demo company: a vendor of field service software, forty invented customers, two years of history.

It is written as files of the import contract and loaded by the loader: one way in. The same anchor day gives the
same files.
"""
