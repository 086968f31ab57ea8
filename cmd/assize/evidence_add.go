package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
)

// givenFlags are what a person gives as evidence.
type givenFlags struct {
	deployment.Given
	link       string
	answers    string
	effective  string
	attributes map[string]string
}

// newEvidenceAdd makes "assize evidence add".
func newEvidenceAdd(f *dataFlags) groupCommand {
	var g givenFlags
	cmd := &cobra.Command{
		Use:   "add ASSESSMENT CONTROL (--file FILE | --text TEXT | --link s3://… | --attest TEXT | --answers FILE)",
		Short: "Add evidence that only people can give",
		Long: "Add evidence to a control. It answers the open window of the expectation that it is for: the only one of the\n" +
			"control, or the one that is named. Files are taken up to 100 MB in these formats, and their content must be\n" +
			"what their name says:\n  " + strings.Join(deployment.Extensions(), " ") + "\n" +
			"What the period is that evidence speaks about (--effective) stands apart from when it was added.",
		Example: "  assize evidence add acme responsible-3 --file review-2026-q4.pdf --effective 2026-10-01..2026-12-31\n" +
			"  assize evidence add acme accuracy-2 --answers review.yaml --resource arn:aws:bedrock:eu-central-1:111122223333:custom-model/x\n" +
			"  assize evidence add acme safe-4 --attest \"The exercise was held as planned\" --as ann",
		Args: cobra.ExactArgs(2),
		RunE: f.run(func(ctx context.Context, s *session, args []string) error {
			e, err := g.add(ctx, s, args[0], args[1])
			if err != nil {
				return err
			}
			return s.show(e, func(w io.Writer) { showAdded(w, e) })
		}),
	}
	addSet(cmd, &g.ControlSet)
	p := cmd.Flags()
	p.StringVar(&g.File, "file", "", "document")
	p.StringVar(&g.Text, "text", "", "answer in words, at most 1000 characters")
	p.StringVar(&g.link, "link", "", "object that stays where it is, s3://bucket/key")
	p.StringVar(&g.Statement, "attest", "", "statement that is attested")
	p.StringVar(&g.Signer, "signer", "", "who attests it (default: who acts)")
	p.StringVar(&g.answers, "answers", "", "file with the answers to a questionnaire, YAML or JSON")
	p.StringVar(&g.Expectation, "expectation", "", "expectation of the control, by id")
	p.StringVar(&g.Occurrence, "occurrence", "", "due window that it answers, by id")
	p.StringVar(&g.Resource, "resource", "", "resource that it is about, as assize occurrence list names it (its ARN, where it has one)")
	p.StringVar(&g.effective, "effective", "", "day or period that it speaks about: 2026-01-31 or 2026-01-01..2026-03-31 (default: today)")
	p.StringVar(&g.Supersedes, "supersedes", "", "evidence that it corrects, by id")
	p.StringToStringVar(&g.attributes, "attribute", nil, "further facts, as key=value")
	return cmd
}

func (g *givenFlags) add(ctx context.Context, s *session, what, control string) (*assessment.Evidence, error) {
	a, err := s.resolve(ctx, what)
	if err != nil {
		return nil, err
	}
	g.Control = control
	if g.ControlSet, _, err = s.place(ctx, a, g.ControlSet, control); err != nil {
		return nil, err
	}
	if g.Occurrence != "" {
		if g.Occurrence, err = s.occurrence(ctx, a.ID, g.Occurrence); err != nil {
			return nil, err
		}
	}
	if g.Supersedes != "" {
		_, e, err := s.evidence(ctx, a.ID, g.Supersedes)
		if err != nil {
			return nil, err
		}
		g.Supersedes = e.ID
	}
	if g.EffectiveFrom, g.EffectiveTo, err = period(g.effective); err != nil {
		return nil, err
	}
	if g.link != "" {
		g.Link = &deployment.Link{URL: g.link}
	}
	if g.answers != "" {
		if g.Answers, err = readAnswers(g.answers); err != nil {
			return nil, err
		}
	}
	g.Attributes = g.attributes
	e, err := s.Add(ctx, a.ID, s.actor, g.Given)
	if err == nil && g.Link != nil && g.Link.NotRead != "" {
		fmt.Fprintf(s.cmd.ErrOrStderr(), "assize: the object %s could not be read: its name is kept, and answers no due window: %s\n", clean(g.link), clean(g.Link.NotRead))
	}
	return e, err
}

// period reads a day, or two days with ".." between them. The last day is in it to its end.
func period(text string) (from, to time.Time, err error) {
	if text == "" {
		return from, to, nil
	}
	first, last, two := strings.Cut(text, "..")
	if !two {
		last = first
	}
	if from, err = time.Parse(time.DateOnly, first); err == nil {
		to, err = time.Parse(time.DateOnly, last)
	}
	if err != nil {
		return from, to, fmt.Errorf("--effective %q: want a day as 2026-01-31, or 2026-01-01..2026-03-31", text)
	}
	if two {
		to = to.AddDate(0, 0, 1).Add(-time.Microsecond)
	}
	return from, to, nil
}

// readAnswers reads a YAML or JSON file of answers.
func readAnswers(path string) (map[string]any, error) {
	text, err := readFile(path, maxWritten)
	if err != nil {
		return nil, fmt.Errorf("--answers: %w", err)
	}
	var answers map[string]any
	if err := readYAML(text, &answers); err != nil {
		return nil, fmt.Errorf("--answers %s: %w", path, err)
	}
	if len(answers) == 0 {
		return nil, errors.New("--answers " + path + ": there are none")
	}
	return answers, nil
}

func showAdded(w io.Writer, e *assessment.Evidence) {
	fmt.Fprintf(w, "added evidence %s to control %s (%s, %s)\n", e.ID, clean(e.Places[0].Control), e.MediaType, bytesOf(e.Size))
	if e.Places[0].Occurrence == "" {
		fmt.Fprintln(w, "it answers no due window")
		return
	}
	fmt.Fprintf(w, "it answers %s (window %s)\n", clean(e.Places[0].Expectation), shortID(e.Places[0].Occurrence))
}

func bytesOf(n int64) string {
	if n < 10_000 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%d KB", n/1000)
}

// newEvidenceReview makes "assize evidence review".
func newEvidenceReview(f *dataFlags) groupCommand {
	var reject bool
	var comment string
	cmd := &cobra.Command{
		Use:   "review ASSESSMENT EVIDENCE",
		Short: "Accept or reject evidence that somebody else has given",
		Args:  cobra.ExactArgs(2),
		RunE: f.run(func(ctx context.Context, s *session, args []string) error {
			a, e, err := s.evidence(ctx, args[0], args[1])
			if err != nil {
				return err
			}
			d := assessment.DecisionEvent{Evidence: e.ID, Accepted: !reject, Comment: comment}
			if len(e.Places) > 0 {
				d.ControlSet, d.Control = e.Places[0].ControlSet, e.Places[0].Control
			}
			if err := s.Service.Decide(ctx, a.ID, s.actor, d); err != nil {
				return err
			}
			return s.show(d, func(w io.Writer) {
				fmt.Fprintf(w, "%s evidence %s\n", map[bool]string{true: "rejected", false: "accepted"}[reject], shortID(e.ID))
			})
		}),
	}
	cmd.Flags().BoolVar(&reject, "reject", false, "reject it")
	cmd.Flags().StringVar(&comment, "comment", "", "why")
	return cmd
}
