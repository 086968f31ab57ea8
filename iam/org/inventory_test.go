package org_test

import (
	"bytes"
	"testing"

	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/examples/acme"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/library"
)

// acmeOrganisation is the example organisation as its snapshot tells it.
func acmeOrganisation(t *testing.T) *org.Organisation {
	t.Helper()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	c, err := snapshot.Decode("acme.assize", bytes.NewReader(acme.Snapshot))
	if err != nil {
		t.Fatal(err)
	}
	mapping, err := collect.NewMapping(lib.Definitions)
	if err != nil {
		t.Fatal(err)
	}
	inv, err := c.Inventory(mapping)
	if err != nil {
		t.Fatal(err)
	}
	return org.FromInventory(inv)
}

// TestAcme: every answer of the example replays, and nothing is known of what was not read.
func TestAcme(t *testing.T) {
	t.Parallel()
	o := acmeOrganisation(t)
	a := org.NewAnalysis(o, org.Config{})
	m, err := a.Matrix(a.Calls())
	if err != nil {
		t.Fatal(err)
	}
	count := map[org.Outcome]int{}
	for i := range m.Units {
		for c := range m.Calls {
			answer := m.Answer(i, c)
			replay(t, answer)
			count[answer.Outcome]++
			if answer.Outcome == org.Unknown && len(answer.Causes) == 0 {
				t.Errorf("%s for %s: inconclusive without a cause", answer.Principal.ARN, answer.Plan.Call)
			}
			if x := m.Accesses[m.Cell(i, c)]; x.Outcome != answer.Outcome {
				t.Errorf("%s for %s: the matrix says %s, the answer %s", answer.Principal.ARN, answer.Plan.Call, x.Outcome, answer.Outcome)
			}
		}
	}
	can, err := a.Can(m.Units[0][0])
	if err != nil || len(can) != len(m.Calls) {
		t.Errorf("calls of one principal: got %d, %v, want %d", len(can), err, len(m.Calls))
	}
	if count[org.Never] == 0 || count[org.Always] == 0 {
		t.Errorf("got %v, want answers of both kinds", count)
	}
}
