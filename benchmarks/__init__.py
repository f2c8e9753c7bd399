"""One script per performance figure; every figure stands beside a limit or a peer measured in the same run."""
