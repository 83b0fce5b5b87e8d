package main

import "errors"

var (
	errNoKey = errors.New("no key")
	errAgain = errors.New("sent before")
)
