"""Results leave: angle series, results, traces."""
