#!/bin/sh
# A repository that runners clone, with the specs of dns/ in it. Nothing outside this folder is used.
set -e
git init --quiet --bare remote.git
git init --quiet author
git -C author remote add origin ../remote.git
cp dns/* author/
sh push.sh "first spec"
