#!/bin/sh
# Greets in the language that GREETING names.
cat "/greetings/${GREETING:-en}.txt"
