#!/bin/sh
# Makes a zone file for each customer, as the starting point of the example.
set -eu
mkdir -p zones
tail -n +2 customers.csv | cut -d, -f1 | while read -r zone; do
  cp zone.template "zones/$zone.zone"
done
