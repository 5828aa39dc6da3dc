"""Sums bounded and minimised by place: shared rows are priced, and each place is planned on its own at those prices."""
