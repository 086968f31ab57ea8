package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
)

// The files that are not of records.
const (
	organisationFile = "organisation.yaml"
	typesFile        = "types.yaml"
	typesPrefix      = "types-" // of further files of types
)

// source is all that the folder holds.
type source struct {
	organisation organisation
	types        map[string]typeSource
	files        []recordFile
}

// organisation is the file of the accounts and of what could not be read.
type organisation struct {
	// AsOf is when the collection began.
	AsOf time.Time `yaml:"as_of"`
	// Version of Assize that is said to have collected.
	Version  string           `yaml:"version"`
	Accounts []assize.Account `yaml:"accounts"`
	// Names stand for longer texts in all files.
	Names map[string]string `yaml:"names"`
	// NotOffered are services that a Region does not have.
	NotOffered []notOffered `yaml:"not_offered"`
	// NotEnabled are Regions that an account has not opted in to.
	NotEnabled []listGap `yaml:"not_enabled"`
	// Unread are lists that could not be read to their ends.
	Unread []listGap `yaml:"unread"`
}

type notOffered struct {
	Region  string `yaml:"region"`
	Service string `yaml:"service"`
	// Says is the source that tells, and its date.
	Says string `yaml:"says"`
}

// listGap says why the lists of some types are not complete.
type listGap struct {
	Account   string       `yaml:"account"`
	Region    string       `yaml:"region"`
	Operation string       `yaml:"operation"`
	Types     []string     `yaml:"types"`
	Cause     assize.Cause `yaml:"cause"`
	Code      string       `yaml:"code"`
	Detail    string       `yaml:"detail"`
}

func (g listGap) gap(types []string) *assize.Gap {
	return &assize.Gap{
		Account: g.Account, Region: g.Region, Operation: g.Operation, Types: types,
		Cause: g.Cause, Code: g.Code, Detail: g.Detail,
	}
}

// typeSource is what the records of a type have in common.
type typeSource struct {
	// ARN is its form; empty where collections have none.
	ARN string `yaml:"arn"`
	// Answers are under those of each record: an object takes over the fields that
	// the record does not name, and null in the record takes one away.
	Answers yaml.Node `yaml:"answers"`
}

// recordFile is a file of records.
type recordFile struct {
	name string
	// Account and Region hold for records that name none.
	Account string         `yaml:"account"`
	Region  string         `yaml:"region"`
	Records []recordSource `yaml:"records"`
	// Common holds anchors that the file's records refer to.
	Common yaml.Node `yaml:"common"`
}

// recordSource is one record. Answers are by operation: the output, {none: code},
// or {gap: {cause: ..., code: ..., detail: ...}}.
type recordSource struct {
	Type    string    `yaml:"type"`
	ID      string    `yaml:"id"`
	ARN     string    `yaml:"arn"`
	Account string    `yaml:"account"`
	Region  string    `yaml:"region"`
	Answers yaml.Node `yaml:"answers"`
}

// readSource reads every file of the folder, in order of their names.
func readSource(folder fs.FS) (*source, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return nil, err
	}
	s := &source{types: map[string]typeSource{}}
	for _, name := range names {
		var into any
		types := map[string]typeSource{}
		switch {
		case name == organisationFile:
			into = &s.organisation
		case name == typesFile || strings.HasPrefix(name, typesPrefix):
			into = &types
		default:
			s.files = append(s.files, recordFile{name: name})
			into = &s.files[len(s.files)-1]
		}
		if err := decodeFile(folder, name, into); err != nil {
			return nil, err
		}
		for typ, t := range types {
			if _, twice := s.types[typ]; twice {
				return nil, fmt.Errorf("%s: %s stands in another file too", name, typ)
			}
			s.types[typ] = t
		}
	}
	if s.organisation.AsOf.IsZero() || len(s.types) == 0 || len(s.files) == 0 {
		return nil, fmt.Errorf("want %s, %s and files of records; found %v", organisationFile, typesFile, names)
	}
	return s, nil
}

// decodeFile refuses fields that the source does not have.
func decodeFile(folder fs.FS, name string, into any) error {
	data, err := fs.ReadFile(folder, name)
	if err != nil {
		return err
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
