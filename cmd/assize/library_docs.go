package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/library/site"
)

// newLibraryDocs makes "assize library docs".
func newLibraryDocs() libraryCommand {
	var lib libraryFlags
	cmd := &cobra.Command{
		Use:   "docs DIR",
		Short: "Write the content as a static site, with a search that needs no server",
		Long: "Write a page for each check, control, framework, common control, governance record and resource type into a folder. The\n" +
			"pages open from the folder as they are; nothing in them is fetched from elsewhere. A site that was written there before\n" +
			"is replaced; any other folder must be empty.",
		Example: "  assize library docs build/docs",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := lib.reference()
			if err != nil {
				return err
			}
			dir := filepath.Clean(args[0])
			if err := clearSite(dir); err != nil {
				return err
			}
			pages := 0
			err = site.Write(r, func(path string, data []byte) error {
				pages++
				file := filepath.Join(dir, filepath.FromSlash(path))
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					return fmt.Errorf("write the site: %w", err)
				}
				return os.WriteFile(file, data, 0o644)
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "wrote %d files; open %s\n", pages, filepath.Join(dir, "index.html"))
			return nil
		},
	}
	lib.add(cmd)
	return cmd
}

// clearSite removes a site that stands in a folder. It removes nothing else.
func clearSite(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0:
		return nil
	case err != nil:
		return fmt.Errorf("write the site: %w", err)
	}
	if !site.Stands(os.DirFS(dir)) {
		return fmt.Errorf("write the site: %s is not empty and holds no site of ours: name an empty folder", dir)
	}
	for _, name := range append(site.Folders(), "index.html") {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("write the site: %w", err)
		}
	}
	return nil
}
