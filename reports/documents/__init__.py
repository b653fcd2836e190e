"""A report as a document: one neutral model, shown as a page, a PDF and a workbook."""
