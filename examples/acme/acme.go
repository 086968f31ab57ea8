// Package acme is an example organisation: an insurer with three accounts, whose
// AI is partly good, partly bad and partly not to be read. "assize demo" and "make
// demo" judge it, without an AWS account.
//
// Nobody's account was read for it. source/ describes it for people; "go generate
// ./examples/acme" makes the snapshot of it, and a test holds the two together.
package acme

import "embed"

//go:generate go run ./gen

// Snapshot is the organisation as "assize collect" would have kept it.
//
//go:embed acme.assize
var Snapshot []byte

// Profile is what the organisation has decided, as assize.yaml.
//
//go:embed assize.yaml
var Profile []byte

// Library is the organisation's own content, to be laid over the library: a framework that extends the catalogue.
//
//go:embed library
var Library embed.FS
