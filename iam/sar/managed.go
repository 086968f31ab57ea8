package sar

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the policies built into the program
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/assize-dev/assize/iam"
)

//go:embed data/managed.jsonl.gz
var managedFile []byte

// ManagedPolicy is an AWS managed policy.
type ManagedPolicy struct {
	Name     string          `json:"name"`
	Path     string          `json:"path"`     // "/", "/service-role/", …
	Version  string          `json:"version"`  // version in force then: "v10"
	Updated  string          `json:"updated"`  // RFC 3339
	Document json.RawMessage `json:"document"` // as AWS publishes it, without white space
}

// ARN gives the ARN in the standard partition.
func (m *ManagedPolicy) ARN() string { return "arn:aws:iam::aws:policy" + m.Path + m.Name }

// Policy parses the document.
func (m *ManagedPolicy) Policy() (*iam.Policy, error) {
	p, err := iam.Parse(m.Document)
	if err != nil {
		return nil, fmt.Errorf("managed policy %s: %w", m.Name, err)
	}
	return p.Named(m.Name), nil
}

// ManagedSource says where the managed policies come from.
type ManagedSource struct {
	Package  string `json:"package"`
	Version  string `json:"version"`
	Date     string `json:"date"`   // of the newest policy
	SHA256   string `json:"sha256"` // of the data in the package, hexadecimal
	Policies int    `json:"policies"`
}

type managedTable struct {
	source ManagedSource
	list   []*ManagedPolicy // by name
}

var managed = sync.OnceValue(func() managedTable {
	t, err := readManaged(managedFile)
	if err != nil {
		panic(fmt.Sprintf("the embedded managed policies: %v", err)) // a test reads them whole
	}
	return t
})

func readManaged(b []byte) (managedTable, error) {
	var t managedTable
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return t, err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return t, err
	}
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	if err := json.Unmarshal(first, &t.source); err != nil {
		return t, err
	}
	for line := range bytes.Lines(rest) {
		m := &ManagedPolicy{}
		if err := json.Unmarshal(line, m); err != nil {
			return t, err
		}
		t.list = append(t.list, m)
	}
	return t, nil
}

// ManagedPolicies lists the AWS managed policies known to the program, by name, for when the
// versions in force in an account are not at hand. The result is shared and must not be changed.
func ManagedPolicies() []*ManagedPolicy { return managed().list }

// ManagedPoliciesSource says where ManagedPolicies come from.
func ManagedPoliciesSource() ManagedSource { return managed().source }

// FindManagedPolicy finds an AWS managed policy by its name or its ARN in any partition.
func FindManagedPolicy(nameOrARN string) (*ManagedPolicy, bool) {
	name := nameOrARN
	if strings.HasPrefix(name, "arn:") {
		if !strings.Contains(name, ":iam::aws:policy/") {
			return nil, false
		}
		name = name[strings.LastIndexByte(name, '/')+1:]
	}
	list := managed().list
	i, ok := slices.BinarySearchFunc(list, name, func(m *ManagedPolicy, n string) int { return strings.Compare(m.Name, n) })
	if !ok {
		return nil, false
	}
	return list[i], true
}
