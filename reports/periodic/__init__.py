"""The reports that are made for the same readers again and again: forms, published versions, schedules."""
