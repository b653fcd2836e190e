"""The report builder: a question of rows, columns, measures and filters that its address carries whole."""
