package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/aws"
)

// newPermissions makes "assize permissions".
func newPermissions() *cobra.Command {
	var collectors []string
	var roleName, out string
	cmd := &cobra.Command{
		Use:   "permissions",
		Short: "Print the least IAM policy that collection needs",
		Long: "Print the IAM policy that allows what the collectors call and nothing else. It is derived from their\n" +
			"declarations; nothing in it changes anything. Where it is longer than one managed policy may be, several\n" +
			"are printed as a JSON list, or written as files with --out. All of them must be attached: the last one\n" +
			"denies what a wide read action of API Gateway would give besides.",
		Example: "  assize permissions --out policies\n" +
			"  aws iam create-policy --policy-name assize-1 --policy-document file://policies/assize-1.json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			policies, err := aws.Permissions(collectors, roleName)
			if err != nil {
				return err
			}
			if out != "" {
				return writePolicies(cmd, out, policies)
			}
			var v any = policies
			if len(policies) == 1 {
				v = policies[0]
			} else {
				fmt.Fprintf(os.Stderr, "assize: %d policies, since one would be longer than a managed policy may be\n", len(policies))
			}
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetIndent("", "  ")
			return enc.Encode(v)
		},
	}
	cmd.Flags().StringSliceVar(&collectors, "collectors", nil, "only for these collectors")
	cmd.Flags().StringVar(&out, "out", "", "folder for the policies, one file each")
	cmd.Flags().StringVar(&roleName, "role-name", "", "also allow taking on the role of this name in each account, as assess --accounts does")
	return cmd
}

// writePolicies writes each policy to a file of its own.
func writePolicies(cmd *cobra.Command, dir string, policies []collect.PolicyDocument) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write the policies: %w", err)
	}
	for i, p := range policies {
		text, err := json.MarshalIndent(p, "", "  ")
		if err != nil {
			return fmt.Errorf("write the policies: %w", err)
		}
		path := filepath.Join(dir, fmt.Sprintf("assize-%d.json", i+1))
		if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
			return fmt.Errorf("write the policies: %w", err)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "wrote %s\n", path)
	}
	return nil
}
