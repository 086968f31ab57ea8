package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/iam/gen"
	"github.com/assize-dev/assize/report"
)

// generateRun is one run of "assize iam generate".
type generateRun struct {
	gen.Options
	destinations []string
	format       string
	stderr       io.Writer
}

// newIAMGenerate makes "assize iam generate".
func newIAMGenerate() iamCommand {
	g := &generateRun{}
	cmd := &cobra.Command{
		Use:   "generate ARCHETYPE",
		Short: "Write least-privilege policies, each proved before it is printed",
		Long: "Write least-privilege policies for AI workloads. Each is proved before it is printed: every call that was\n" +
			"asked for works, in just the contexts that were asked for; nothing else is allowed; assize iam lint finds no\n" +
			"fault; the document fits its quota. What is not proved is not printed. What was proved goes to standard\n" +
			"error, the policies to standard output. Nothing is sent to AWS.\n\n" +
			"Archetypes:\n" + archetypeTexts() + "\n" +
			"Exit codes: 0 printed; 2 an option is wrong, or the policy could not be proved.",
		Example: "  assize iam generate general --regions eu-central-1 --models anthropic.claude-3-haiku-20240307-v1:0\n" +
			"  assize iam generate general --account 111122223333 --regions us-east-1 --destinations us=us-east-1,us-east-2,us-west-2 \\\n" +
			"    --profiles us.anthropic.claude-sonnet-4-20250514-v1:0 --endpoint vpce-0a1b2c3d --format terraform\n" +
			"  assize iam generate sagemaker-training --account 111122223333 --regions eu-central-1 --input s3://acme-data/in/ \\\n" +
			"    --output s3://acme-data/out/ --repository arn:aws:ecr:eu-central-1:111122223333:repository/train",
		Args: one("ARCHETYPE", "general --account 111122223333 --regions eu-central-1 --models ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			g.Archetype, g.stderr = args[0], cmd.ErrOrStderr()
			return g.run(cmd.OutOrStdout())
		},
	}
	g.flags(cmd)
	return cmd
}

func (g *generateRun) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&g.format, "format", "json", "format to write: "+strings.Join(gen.Formats, ", "))
	f.StringVar(&g.Name, "name", "", "name of the policy or role (default assize-ARCHETYPE)")
	f.StringVar(&g.Partition, "partition", "aws", "partition of the ARNs")
	f.StringVar(&g.Account, "account", "", "account that the policy is for, twelve digits")
	f.StringSliceVar(&g.Regions, "regions", nil, "Regions that are called")
	f.StringSliceVar(&g.Models, "models", nil, "ids of foundation models, or ARNs of what InvokeModel takes")
	f.StringSliceVar(&g.Profiles, "profiles", nil, "ids of inference profiles, or ARN=ID of an application inference profile and what it was made of")
	f.StringArrayVar(&g.destinations, "destinations", nil, "GEOGRAPHY=REGION,… to which the profiles of a geography lead; may be repeated")
	f.StringSliceVar(&g.Guardrails, "guardrail", nil, "ARNs of guardrails of which requests must name one; with :VERSION only that version")
	f.StringSliceVar(&g.Endpoints, "endpoint", nil, "VPC endpoints that calls may come through: vpce-…")
	f.StringSliceVar(&g.Networks, "network", nil, "public networks that calls may come from: 203.0.113.0/24")
	f.StringSliceVar(&g.Tiers, "tier", nil, "service tiers that calls may use: default, flex, priority, reserved")
	f.StringVar(&g.OrgID, "org", "", "organisation of callers: o-…")
	f.StringSliceVar(&g.OrgPaths, "org-path", nil, "organisational units of callers: o-…/r-…/ou-…/*")
	f.IntVar(&g.MFAAge, "mfa-age", 0, "greatest age of the second factor in seconds")
	f.StringVar(&g.Tag, "tag", "", "KEY=VALUE that resources must carry")
	f.StringSliceVar(&g.Roles, "role", nil, "ARNs of roles that use the key, are trusted, or may be passed on")
	f.StringSliceVar(&g.Administrators, "admin-role", nil, "ARNs of roles that manage the key, or that the control exempts")
	f.StringVar(&g.Service, "service", "", "service that is trusted: bedrock.amazonaws.com")
	f.StringVar(&g.ExternalID, "external-id", "", "external id that a third party has to give")
	f.StringSliceVar(&g.SourceARNs, "source-arn", nil, "resources for which a trusted service acts")
	f.StringSliceVar(&g.Inputs, "input", nil, "what jobs read: s3://BUCKET/PREFIX/")
	f.StringSliceVar(&g.Outputs, "output", nil, "what jobs write: s3://BUCKET/PREFIX/")
	f.StringSliceVar(&g.Repositories, "repository", nil, "ARNs of ECR repositories with the images of jobs")
	f.StringSliceVar(&g.Keys, "key", nil, "ARNs of KMS keys of inputs, outputs and volumes")
	f.BoolVar(&g.VPC, "vpc", false, "jobs run in subnets of the account")
}

// archetypeTexts lists for the help what each archetype gives, needs and takes.
func archetypeTexts() string {
	flags := func(names []string) string {
		if len(names) == 0 {
			return "nothing"
		}
		return "--" + strings.Join(names, " --")
	}
	var b strings.Builder
	for _, a := range gen.Archetypes() {
		fmt.Fprintf(&b, "  %s: %s\n", a.Name, a.Title)
		for _, line := range a.Grants {
			fmt.Fprintf(&b, "    - %s\n", line)
		}
		fmt.Fprintf(&b, "    needs %s; takes %s\n", flags(a.Needs), flags(a.Takes))
	}
	return b.String()
}

func (g *generateRun) run(w io.Writer) error {
	if !slices.Contains(gen.Formats, g.format) {
		return fmt.Errorf("--format %q: want %s", g.format, strings.Join(gen.Formats, ", "))
	}
	g.Destinations = map[string][]string{}
	for _, d := range g.destinations {
		geography, regions, ok := strings.Cut(d, "=")
		if !ok || geography == "" || regions == "" {
			return fmt.Errorf("--destinations %q: want GEOGRAPHY=REGION,…", d)
		}
		g.Destinations[geography] = append(g.Destinations[geography], strings.Split(regions, ",")...)
	}
	data, _, err := authorizationData()
	if err != nil {
		return err
	}
	r, err := gen.Generate(g.Options, data)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, r.Write(g.format)); err != nil {
		return fmt.Errorf("write the policies: %w", err)
	}
	for _, line := range r.Summary() {
		fmt.Fprintf(g.stderr, "%s\n", report.Harmless(line))
	}
	return nil
}
