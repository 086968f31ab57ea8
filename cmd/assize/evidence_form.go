package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
)

// newEvidenceForm makes "assize evidence form".
func newEvidenceForm(f *dataFlags) groupCommand {
	var set, expectation, out string
	cmd := &cobra.Command{
		Use:   "form ASSESSMENT CONTROL",
		Short: "Write a form for the answers to a questionnaire of a control",
		Long: "Write the questions of the governance record that a control asks for as a YAML file with explanations. Filled in, it\n" +
			"is given with assize evidence add --answers.",
		Args: cobra.ExactArgs(2),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, args []string) error {
			_, control, err := s.place(ctx, a, set, args[1])
			if err != nil {
				return err
			}
			e, err := questionnaire(control, expectation)
			if err != nil {
				return err
			}
			content, err := s.Content()
			if err != nil {
				return err
			}
			schema, err := content.Library.Record(e.Record)
			if err != nil {
				return err
			}
			return s.form(schema, e, out)
		}),
	}
	addSet(cmd, &set)
	cmd.Flags().StringVar(&expectation, "expectation", "", "expectation of the control, by id, where several are questionnaires")
	cmd.Flags().StringVar(&out, "out", "", "file for the form (default: standard output)")
	return cmd
}

// questionnaire finds the expectation of a control that a questionnaire answers.
func questionnaire(c *assize.Control, id string) (*assize.Expectation, error) {
	var ids []string
	var found *assize.Expectation
	for i := range c.Expectations {
		if e := &c.Expectations[i]; e.Kind == assize.ByQuestionnaire && (id == "" || id == e.ID) {
			ids, found = append(ids, e.ID), e
		}
	}
	switch len(ids) {
	case 1:
		return found, nil
	case 0:
		return nil, fmt.Errorf("control %s has no such questionnaire", c.ID)
	}
	return nil, fmt.Errorf("control %s has several questionnaires: name one with --expectation: %s", c.ID, strings.Join(ids, ", "))
}

func (s *session) form(schema *assize.RecordSchema, e *assize.Expectation, out string) error {
	if s.json {
		return s.show(schema, nil)
	}
	var b strings.Builder
	comment(&b, "", schema.Title+". "+schema.Description)
	comment(&b, "", "For: "+e.Title)
	formFields(&b, "", schema.Fields)
	if out == "" {
		_, err := io.WriteString(s.cmd.OutOrStdout(), b.String())
		return err
	}
	if err := writeNew(out, []byte(b.String())); err != nil {
		return fmt.Errorf("write the form: %w", err)
	}
	fmt.Fprintf(s.cmd.OutOrStdout(), "wrote %s; fill it in, then: assize evidence add … --answers %s\n", out, out)
	return nil
}

// formFields writes the questions, each with what is asked of it.
func formFields(b *strings.Builder, indent string, fields []assize.RecordField) {
	for i := range fields {
		x := &fields[i]
		if indent == "" {
			b.WriteString("\n")
		}
		head := x.Title + " (" + x.Type
		if len(x.Choices) > 0 {
			head += ": " + strings.Join(x.Choices, ", ")
		}
		if x.Required {
			head += "; required"
		}
		comment(b, indent, head+")")
		for _, text := range []string{x.Help, x.Enough} {
			if text != "" {
				comment(b, indent, text)
			}
		}
		if x.Type != "rows" {
			fmt.Fprintf(b, "%s%s:\n", indent, x.Name)
			continue
		}
		fmt.Fprintf(b, "%s%s:\n%s  -\n", indent, x.Name, indent)
		formFields(b, indent+"    ", x.Fields)
	}
}

// formWidth is how wide comments of a form are.
const formWidth = 100

// comment writes a text as lines of a YAML comment.
func comment(b *strings.Builder, indent, text string) {
	line := indent + "#"
	for word := range strings.FieldsSeq(text) {
		if len(line)+len(word) > formWidth {
			b.WriteString(line + "\n")
			line = indent + "#"
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}
