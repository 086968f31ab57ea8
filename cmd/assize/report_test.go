package main

import "testing"

// TestChecking: what is printed can be copied into a shell, and names a file that assize-verify can read.
func TestChecking(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{
		"/srv/reports/q4-0a1b2c3d.zip":       "check it: assize-verify --key keys/ledger.pub /srv/reports/q4-0a1b2c3d.zip",
		"/srv/Ann's reports/q4-0a1b2c3d.zip": `check it: assize-verify --key keys/ledger.pub '/srv/Ann'\''s reports/q4-0a1b2c3d.zip'`,
		"s3://acme-audit/2026/q4-0a.zip":     "get it from the bucket, then check it: assize-verify --key keys/ledger.pub q4-0a.zip",
	} {
		if got := checking("keys/ledger.pub", location); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", location, got, want)
		}
	}
}
