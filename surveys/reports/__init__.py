"""Reports: what scoring hands to templates, as typed documents of finished numbers."""
