package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/collect/aws"
)

// newPermissions makes "assize permissions".
func newPermissions() *cobra.Command {
	var collectors []string
	var roleName string
	cmd := &cobra.Command{
		Use:   "permissions",
		Short: "Print the least IAM policy that collection needs",
		Long: "Print the IAM policy that allows what the collectors call and nothing else. It is derived from their\n" +
			"declarations; nothing in it changes anything. Where it is longer than one managed policy may be, several\n" +
			"are printed as a JSON list.",
		Example: "  assize permissions > assize-policy.json\n" +
			"  aws iam create-policy --policy-name assize --policy-document file://assize-policy.json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			policies, err := aws.Permissions(collectors, roleName)
			if err != nil {
				return err
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
	cmd.Flags().StringVar(&roleName, "role-name", "", "also allow taking on the role of this name in each account, as assess --accounts does")
	return cmd
}
