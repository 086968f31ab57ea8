// Command gen builds the snapshot of the example organisation from its source:
// "go generate ./examples/acme" runs it in examples/acme. The same source gives the
// same snapshot. Nothing is read but the files in source/.
//
// source/organisation.yaml has the accounts, what could not be read, and names that
// others refer to. source/types*.yaml have, by resource type, the form of its ARN and
// what all its answers have in common. Every other file has records. Strings hold
// {id}, {arn}, {account} and {region} of the record, and the names of
// organisation.yaml; a value with the tag !json is written as JSON text.
package main

import (
	"fmt"
	"os"

	"github.com/assize-dev/assize/collect/aws"
	"github.com/assize-dev/assize/collect/snapshot"
)

func main() {
	if err := run("source", "acme.assize"); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run reads the folder and writes the snapshot.
func run(folder, out string) error {
	src, err := readSource(os.DirFS(folder))
	if err != nil {
		return err
	}
	c, err := build(src, aws.Declarations())
	if err != nil {
		return err
	}
	if err := snapshot.Write(out, c); err != nil {
		return err
	}
	fmt.Printf("%s: %d records, %d lists, %d gaps\n", out, len(c.Records), len(c.Coverage), len(c.Gaps))
	return nil
}
