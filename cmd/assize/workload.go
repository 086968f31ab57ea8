package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
)

// newWorkloadList makes "assize workload list".
func newWorkloadList(f *dataFlags) groupCommand {
	return &cobra.Command{
		Use: "list", Short: "List the register of AI workloads", Args: cobra.NoArgs,
		RunE: f.run(func(ctx context.Context, s *session, _ []string) error {
			register, err := s.Service.Workloads(ctx)
			if err != nil {
				return err
			}
			return s.show(register, func(w io.Writer) { showWorkloads(w, register) })
		}),
	}
}

func showWorkloads(w io.Writer, list []assize.Workload) {
	if len(list) == 0 {
		fmt.Fprintln(w, "no workload: assize workload find proposes some, assize workload add registers them")
		return
	}
	rows := [][]string{{"ID", "NAME", "TEAM", "SCOPE", "EXPOSURE", "ORIGIN", "DATA", "CRITICALITY", "ACCOUNTS", "RESOURCES"}}
	for i := range list {
		x := &list[i]
		scope := "-"
		if x.Scope > 0 {
			scope = fmt.Sprint(x.Scope)
		}
		rows = append(rows, []string{
			x.ID, x.Name, dash(x.Team), scope, dash(x.Exposure), dash(x.ModelOrigin), dash(x.DataSensitivity), dash(x.Criticality),
			fmt.Sprint(len(x.Accounts)), fmt.Sprint(len(x.Resources)),
		})
	}
	table(w, rows)
}

// newWorkloadAdd makes "assize workload add".
func newWorkloadAdd(f *dataFlags) groupCommand {
	var x assize.Workload
	var file string
	cmd := &cobra.Command{
		Use:   "add (--id ID --name NAME … | --file FILE)",
		Short: "Register workloads, or change those that are registered",
		Long: "Register a workload by its fields, or those of a YAML file (a list, as assize workload find writes it). One whose\n" +
			"id is registered is replaced whole. A factor that nobody has decided narrows nothing.",
		Example: "  assize workload find acme --out workloads.yaml   # complete it, then:\n  assize workload add --file workloads.yaml",
		Args:    cobra.NoArgs,
		RunE: f.runNew(func(ctx context.Context, s *session, _ []string) error {
			list := []assize.Workload{x}
			if file != "" {
				if x.ID != "" {
					return errors.New("give --id with its fields, or --file, not both")
				}
				var err error
				if list, err = readWorkloads(file); err != nil {
					return err
				}
			}
			for i := range list { // all of them, before the first is registered
				if err := assessment.ValidateWorkload(&list[i]); err != nil {
					return fmt.Errorf("workload %q: %w", list[i].ID, err)
				}
			}
			for i := range list {
				if err := s.Service.PutWorkload(ctx, s.actor, list[i]); err != nil {
					return fmt.Errorf("workload %q: %w", list[i].ID, err)
				}
			}
			return s.show(list, func(w io.Writer) { fmt.Fprintf(w, "registered %s\n", count(len(list), "workload")) })
		}),
	}
	g := cmd.Flags()
	g.StringVar(&file, "file", "", "YAML file with a list of workloads")
	g.StringVar(&x.ID, "id", "", "id of the workload")
	g.StringVar(&x.Name, "name", "", "name")
	g.StringVar(&x.Team, "team", "", "team that answers for it")
	g.StringVar(&x.Purpose, "purpose", "", "what it is for")
	g.IntVar(&x.Scope, "scope", 0, "scope of the AWS Generative AI Security Scoping Matrix, 1 to 5; 0: not decided yet")
	g.StringVar(&x.Exposure, "exposure", "", "internal, partner or public")
	g.StringVar(&x.ModelOrigin, "model-origin", "", "provider, marketplace, open-weights, fine-tuned or self-trained")
	g.StringVar(&x.DataSensitivity, "data-sensitivity", "", "public, internal, confidential or restricted")
	g.StringVar(&x.Criticality, "criticality", "", "low, medium or high")
	g.StringVar(&x.ServiceLevel, "service-level", "", "service level that is declared")
	g.StringSliceVar(&x.Accounts, "account", nil, "accounts that it is in")
	g.StringSliceVar(&x.Regions, "regions", nil, "Regions that it is in")
	g.StringSliceVar(&x.Resources, "resource", nil, "resources that it consists of, by ARN")
	g.StringToStringVar(&x.Tags, "tag", nil, "tags that find more of its resources, as key=value")
	return cmd
}

// readWorkloads reads a list of workloads; a field that a workload does not have is an error.
func readWorkloads(path string) ([]assize.Workload, error) {
	text, err := readFile(path, maxWritten)
	if err != nil {
		return nil, fmt.Errorf("--file: %w", err)
	}
	var list []assize.Workload
	if err = readYAML(text, &list); err == nil && len(list) == 0 {
		err = errors.New("there are no workloads")
	}
	if err != nil {
		return nil, fmt.Errorf("--file %s: %w", path, err)
	}
	return list, nil
}

// newWorkloadRetire makes "assize workload retire".
func newWorkloadRetire(f *dataFlags) groupCommand {
	return &cobra.Command{
		Use: "retire ID", Short: "Take a workload off the register", Args: cobra.ExactArgs(1),
		RunE: f.run(func(ctx context.Context, s *session, args []string) error {
			if err := s.Service.RetireWorkload(ctx, s.actor, args[0]); err != nil {
				return err
			}
			return s.show(map[string]string{"id": args[0]}, func(w io.Writer) { fmt.Fprintf(w, "retired workload %s\n", clean(args[0])) })
		}),
	}
}

// newWorkloadFind makes "assize workload find".
func newWorkloadFind(f *dataFlags) groupCommand {
	var keys []string
	var out string
	cmd := &cobra.Command{
		Use:   "find ASSESSMENT",
		Short: "Propose workloads from what the last evaluation found",
		Long: "Group the AI resources that the last evaluation of an assessment found: by the tags that name an application, and\n" +
			"where there are none by what is linked with one another. What belongs to a registered workload is left out.\n" +
			"With --out the proposals are written to a file, so that people complete them.",
		Args: cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			list, err := s.Propose(ctx, a, keys)
			if err != nil {
				return err
			}
			if out != "" {
				text, err := yaml.Marshal(list)
				if err != nil {
					return err
				}
				if err := writeNew(out, text); err != nil {
					return fmt.Errorf("write the proposals: %w", err)
				}
			}
			return s.show(list, func(w io.Writer) {
				if len(list) == 0 {
					fmt.Fprintln(w, "every AI resource that was found belongs to a registered workload")
					return
				}
				showWorkloads(w, list)
				if out != "" {
					fmt.Fprintf(w, "wrote %s: complete it, then: assize workload add --file %s\n", out, out)
				}
			})
		}),
	}
	cmd.Flags().StringSliceVar(&keys, "tag-key", []string{"workload", "application", "app", "service", "project", "system"},
		"tags that name an application, the first that a resource has counts")
	cmd.Flags().StringVar(&out, "out", "", "file for the proposals")
	return cmd
}
