package reportcase

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// framework has controls that checks answer, every third of them with a part of people.
func framework(o *Options) *assize.Framework {
	fw := &assize.Framework{
		ID: "example", Title: o.word("Example framework"), Version: "1", Provenance: "assize", Description: o.word("For tests."),
	}
	for i := range max(o.Controls, 1) {
		set := i / 10
		if set == len(fw.Groups) {
			fw.Groups = append(fw.Groups, assize.Group{ID: fmt.Sprintf("set-%d", set+1), Title: o.word(fmt.Sprintf("Control set %d: protection of models and their data", set+1))})
		}
		c := assize.Control{
			ID: fmt.Sprintf("control-%03d", i+1), Title: o.word(fmt.Sprintf("Model invocation is logged to a place that its users cannot change (%d)", i+1)),
			Description: o.word("Every call of a model is recorded with its prompt, and the record cannot be altered by those who made the call."),
			Testing:     o.word("Ask for the logging configuration of each Region in use, and for one record of the period."),
			ActionPlan:  o.word("Turn on invocation logging with a bucket in another account."),
			Checks:      []string{fmt.Sprintf("bedrock_logging_%d", i+1)},
		}
		switch i % 3 {
		case 1:
			c.Expectations = []assize.Expectation{{ID: "runbook", Kind: assize.ByFile, Title: o.word("The runbook for incidents with models"), Cadence: "FREQ=MONTHLY", DueDays: 20}}
		case 2:
			c.Expectations = []assize.Expectation{{ID: "hub", Kind: assize.BySecurityHub, Keyword: "SageMaker.1", Title: o.word("Findings of Security Hub")}}
		}
		fw.Groups[set].Controls = append(fw.Groups[set].Controls, c)
	}
	return fw
}

// places of all controls, in order.
func (c *Case) places() []assessment.Place {
	var out []assessment.Place
	for _, g := range c.Framework.Groups {
		for _, k := range g.Controls {
			out = append(out, assessment.Place{ControlSet: g.ID, Control: k.ID, Expectation: assessment.ChecksExpectation})
		}
	}
	return out
}

// runs collects on each day, in parts.
func (c *Case) runs(ctx context.Context) error {
	places, days := c.places(), max(c.Days, 1)
	n := 0
	for day := range days {
		c.At = c.At.Add(23 * time.Hour)
		run := &assessment.Run{ID: c.Service.NewID(), Assessment: c.Assessment.ID, State: assessment.RunDone, Due: c.At, Started: c.At, Attempt: 1}
		tallies := make([]assessment.Tally, len(places))
		for i, p := range places {
			tallies[i] = assessment.Tally{Run: run.ID, ControlSet: p.ControlSet, Control: p.Control, Expectation: p.Expectation, AsOf: c.At}
		}
		until := c.Items * (day + 1) / days
		for part := 0; n < until; part++ {
			size := min(requestsSize, until-n)
			if err := c.part(ctx, run, part, n, size, places, tallies); err != nil {
				return err
			}
			n += size
		}
		c.At = c.At.Add(time.Hour)
		event := assessment.RunEvent{
			Run: *run, Gaps: map[assize.Cause]int{assize.Denied: 2}, Accounts: []string{Account}, Regions: []string{"eu-central-1", "us-east-1"}, Version: "1.0.0-test",
		}
		if err := c.Service.Finish(ctx, event, tallies, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

func (c *Case) part(ctx context.Context, run *assessment.Run, part, from, size int, places []assessment.Place, tallies []assessment.Tally) error {
	items, bodies := make([]assessment.Evidence, size), make([][]byte, size)
	for i := range items {
		items[i], bodies[i] = c.item(run, from+i, places, tallies)
	}
	at, err := c.Put(ctx, bodies...)
	if err != nil {
		return err
	}
	_, err = c.Service.Record(ctx, run, part, items, at)
	return err
}

// item is the n-th verdict; which one follows from n.
func (c *Case) item(run *assessment.Run, n int, places []assessment.Place, tallies []assessment.Tally) (assessment.Evidence, []byte) {
	at, p := c.At.Add(time.Duration(n%3600)*time.Second/4), n%len(places)
	outcome, reason := assize.Pass, "Invocation logging is on and writes to a bucket of another account."
	switch n % 7 {
	case 3:
		outcome, reason = assize.Fail, "Invocation logging is off: calls of models in this Region leave no record."
	case 5:
		outcome, reason = assize.Inconclusive, "Whether logging is on is not known: bedrock:GetModelInvocationLoggingConfiguration was denied."
	}
	tallies[p].Counts.Add(outcome)
	arn := c.word(fmt.Sprintf("arn:aws:bedrock:eu-central-1:%s:guardrail/g%06d", Account, n%5000))
	e := assessment.Evidence{
		ID: assessment.NameID("item", c.Salt, fmt.Sprint(n)), Type: assessment.ComplianceCheck, DataSource: "Assize check", EventSource: "bedrock.amazonaws.com",
		EventName: "bedrock_logging_" + fmt.Sprint(p+1), Places: []assessment.Place{places[p]}, Account: Account, Region: "eu-central-1",
		Subjects: []assessment.Subject{{ARN: arn, ID: fmt.Sprint(n), Type: "AWS::Bedrock::Guardrail"}}, SubjectsTotal: 1,
		EffectiveFrom: at, EffectiveTo: at, Collected: at, Outcome: outcome, Reason: c.word(reason), Run: run.ID, MediaType: "application/json", Author: "assize",
		Request: &assessment.Request{Operations: []string{"assize:bedrock_logging"}, Identity: "arn:aws:iam::" + Account + ":role/assize", Rows: 1},
	}
	if n%5 == 4 && len(places) > 1 {
		e.Places = append(e.Places, places[(p+1)%len(places)])
		tallies[(p+1)%len(places)].Counts.Add(outcome)
	}
	subject, _ := json.Marshal(arn)
	body := fmt.Appendf(nil, `{"format":"assize-finding/1","item":%d,"outcome":%q,"subject":%s,"facts":[`, n, outcome, subject)
	for i := 0; len(body) < c.BodySize; i++ {
		body = fmt.Appendf(body, `{"name":"fact-%d","value":"%x"},`, i, n*7919+i*104729)
	}
	body = append(body, "null]}"...)
	e.Body, e.Size = evidence.DigestOf(body), int64(len(body))
	return e, body
}

// people add evidence, decide, comment and except.
func (c *Case) people(ctx context.Context) error {
	first, id := c.places()[0], c.Assessment.ID
	body := []byte(c.word("<html><script>alert(1)</script></html>"))
	at, err := c.Put(ctx, body)
	if err != nil {
		return err
	}
	control := c.places()[min(1, len(c.places())-1)]
	manual := assessment.Manual{
		ControlSet: control.ControlSet, Control: control.Control, EffectiveFrom: c.At.AddDate(0, 0, -3), Body: evidence.DigestOf(body), Size: int64(len(body)),
		MediaType: "text/html", FileName: c.word("Runbook 2026.html"), Location: at[0],
	}
	if _, err := c.Service.AddManual(ctx, id, "sam", manual); err != nil {
		return err
	}
	if err := c.Service.Decide(ctx, id, "maria", assessment.DecisionEvent{ControlSet: first.ControlSet, Control: first.Control, Status: assessment.Reviewed}); err != nil {
		return err
	}
	text := []rune(c.word("Looked at with the platform team."))
	if err := c.Service.Comment(ctx, id, "maria", assessment.CommentEvent{ControlSet: first.ControlSet, Control: first.Control, Text: string(text[:min(len(text), 500)])}); err != nil {
		return err
	}
	x, err := c.Service.RequestException(ctx, id, "sam", assessment.Exception{
		ControlSet: first.ControlSet, Control: first.Control, Resources: []string{c.word("arn:aws:bedrock:*"), "*"}, Reason: c.word("The Region is being left."),
		Compensating: c.word("Calls are recorded by the gateway."), Expires: c.At.AddDate(0, 1, 0).Format("2006-01-02"),
	})
	if err != nil {
		return err
	}
	return c.Service.DecideException(ctx, id, "maria", x.ID, assessment.ExceptionApproved, strings.TrimSpace("agreed"))
}
