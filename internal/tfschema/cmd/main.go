// Command cmd (of tfschema) writes the names and kinds of the attributes of those types of the AWS provider that library/resources
// maps: facts, no text of the provider. The test of the mapping reads it, so that a misspelt attribute fails
// where Terraform is not installed. Another test compares it with the provider itself where it is.
//
//	terraform providers schema -json | go run ./internal/tfschema/cmd -out library/testdata/terraform/aws-5.100.0.json
//	go run ./internal/tfschema/cmd -cdktf node_modules/@cdktf/provider-aws -out library/testdata/terraform/aws-6.25.0.json
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/assize-dev/assize/internal/tfschema"
	"github.com/assize-dev/assize/library"
)

func main() {
	out := flag.String("out", "", "file to write")
	cdktf := flag.String("cdktf", "", "folder of the unpacked npm package @cdktf/provider-aws, read instead of standard input")
	flag.Parse()
	if err := run(*out, *cdktf, os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "tfschema:", err)
		os.Exit(1)
	}
}

func run(out, cdktf string, in io.Reader) error {
	if out == "" {
		return fmt.Errorf("say where to write: -out FILE")
	}
	lib, err := library.Load()
	if err != nil {
		return err
	}
	types := tfschema.Mapped(lib.Definitions)
	var found map[string]tfschema.Block
	if cdktf != "" {
		found, err = tfschema.ReadCDKTF(cdktf, types)
	} else {
		found, err = tfschema.ReadProvider(in, types)
	}
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(found, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(out, append(data, '\n'), 0o644)
}
