"""The library of datasets: found, followed through their versions, edited, taken along."""
