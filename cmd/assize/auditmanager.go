package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/library"
	"github.com/assize-dev/assize/library/auditmanager"
)

// newAuditManager makes "assize auditmanager".
func newAuditManager() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "auditmanager",
		Short: "Take over what you have in AWS Audit Manager",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	f := &importAuditManager{}
	cmd.AddCommand(f.command())
	return cmd
}

type importAuditManager struct {
	own     ownFolder
	id      string
	against string
}

func (f *importAuditManager) command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import-framework FILE...",
		Short: "Make a framework of your own data: the answers of GetAssessmentFramework and GetControl",
		Long: "Whoever holds an account in which Audit Manager was enabled before 30 April 2026 can export its frameworks. The files hold what\n" +
			"the AWS CLI prints, several answers in one file where you like. The texts become a framework in your folder, marked as your own\n" +
			"data. Controls that have the name of one of ours keep our evidence, checks included; the others get what their sources say.",
		Example: "  aws auditmanager get-assessment-framework --framework-id ID > framework.json\n" +
			"  for id in $(jq -r '.framework.controlSets[].controls[].id' framework.json); do\n" +
			"    aws auditmanager get-control --control-id $id; done > controls.json\n" +
			"  assize auditmanager import-framework framework.json controls.json --id our_export --into ours",
		Args: cobra.MinimumNArgs(1),
		RunE: f.run,
	}
	f.own.add(cmd)
	cmd.Flags().StringVar(&f.id, "id", "auditmanager_export", "id of the framework")
	cmd.Flags().StringVar(&f.against, "against", library.DefaultFramework, "framework whose controls of the same name give their evidence")
	return cmd
}

func (f *importAuditManager) run(cmd *cobra.Command, args []string) error {
	if !newWordsID.MatchString(f.id) {
		return fmt.Errorf("--id %q: want lower-case words joined by _", f.id)
	}
	var export auditmanager.Export
	for _, path := range args {
		data, err := readFile(path, maxDocument)
		if err != nil {
			return err
		}
		if err := export.Add(path, data); err != nil {
			return err
		}
	}
	lib, err := f.own.load()
	if err != nil {
		return err
	}
	ours, err := lib.Framework(f.against)
	if err != nil {
		return fmt.Errorf("--against: %w", err)
	}
	if ours.Requirements {
		return fmt.Errorf("--against %s: its requirements are answered over mappings, which an export has no place for: name a framework of controls", ours.ID)
	}
	result, err := export.Convert(f.id, ours)
	if err != nil {
		return err
	}
	files, err := documentFiles(f.id, &library.Document{Framework: result.Framework})
	if err != nil {
		return err
	}
	if err := f.own.judge(files, func(l *library.Library) error { return l.LintFramework(f.id) }); err != nil {
		return fmt.Errorf("the export makes no framework that could be used, and is not imported:\n%w", err)
	}
	if err := f.own.put(cmd, files); err != nil {
		return err
	}
	writeImported(cmd.OutOrStdout(), cmd.ErrOrStderr(), result)
	return nil
}

// writeImported says where the evidence of each control comes from.
func writeImported(w, notes io.Writer, r *auditmanager.Result) {
	fmt.Fprintf(w, "controls with the evidence of a control of Assize of the same name: %d\n", len(r.Matched))
	for _, m := range r.Matched {
		fmt.Fprintf(w, "  %s: as %s\n", line(m.Control), m.Ours)
	}
	fmt.Fprintf(w, "controls with the evidence that their own sources name: %d\n", len(r.Unmatched))
	for _, c := range r.Unmatched {
		fmt.Fprintf(w, "  %s\n", line(c))
	}
	for _, c := range r.Partial {
		fmt.Fprintf(notes, "note: %s: the export has its name alone: add the answer of get-control\n", line(c))
	}
	for _, n := range r.Notes {
		fmt.Fprintf(notes, "note: %s\n", line(n))
	}
}
