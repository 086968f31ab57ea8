package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/report"
)

// dataCalls are the calls that serve the purposes on data.
func (w *whoFlags) dataCalls(c *plan.Catalog, doc *report.Access) ([]plan.Call, error) {
	arn, kind, err := dataOf(w.data, c)
	if err != nil {
		return nil, err
	}
	access := w.access
	if kind == plan.Key {
		access = []string{decrypt}
	}
	doc.Title, doc.Noun = "Who can "+wordList(access)+" "+w.data, "call"
	doc.Question = []report.AccessFact{{Name: "Data", Value: arn}, {Name: "Access", Value: strings.Join(access, ", ")}}
	var calls []plan.Call
	for _, purpose := range access {
		some, err := purposeCalls(purpose, arn, kind, c)
		if err != nil {
			return nil, err
		}
		calls = append(calls, some...)
	}
	return calls, nil
}

func wordList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

func purposeCalls(purpose, arn string, kind plan.Kind, c *plan.Catalog) ([]plan.Call, error) {
	if purpose != decrypt {
		return plan.DataCalls(plan.Purpose(purpose), arn, c)
	}
	key := c.Find(arn)
	if kind != plan.Key {
		holder := c.Holder(arn)
		switch {
		case holder == nil || holder.KeyUnknown != nil:
			return nil, fmt.Errorf("--access decrypt: the key of %s is not known, name the key with --data", arn)
		case holder.Key == "":
			return nil, fmt.Errorf("--access decrypt: %s has no KMS key, whoever may read it gets it decrypted", arn)
		}
		key = c.Key(holder.Key, holder.Account, holder.Region)
		if key == nil {
			return nil, fmt.Errorf("--access decrypt: the key %s of %s is not known, name its ARN with --data", holder.Key, arn)
		}
	}
	if key != nil {
		arn = key.ARN
	}
	return []plan.Call{{Operation: "kms:Decrypt", Target: arn}}, nil
}

// dataOf finds the data that a name means.
func dataOf(name string, c *plan.Catalog) (arn string, kind plan.Kind, err error) {
	if strings.HasPrefix(name, "arn:") {
		switch parts := strings.SplitN(name, ":", 6); {
		case len(parts) < 6:
		case parts[2] == "s3":
			return name, plan.Bucket, nil
		case parts[2] == "logs":
			return name, plan.LogGroup, nil
		case parts[2] == "kms":
			return name, plan.Key, nil
		}
		return "", "", fmt.Errorf("--data %q: no bucket, log group or KMS key", name)
	}
	var found []*plan.Resource
	bucket, prefix, within := strings.Cut(name, "/")
	for _, r := range c.Of(plan.Bucket, plan.LogGroup, plan.Key) {
		_, id, _ := strings.Cut(short(r.ARN), "/")
		if r.Name == name || id == name || short(r.ARN) == name || strings.TrimPrefix(short(r.ARN), "log-group:") == name || r.Kind == plan.Bucket && short(r.ARN) == bucket {
			found = append(found, r)
		}
	}
	switch len(found) {
	case 0:
		return "", "", fmt.Errorf("--data %q: no bucket, log group or KMS key of this name is known; give its ARN", name)
	case 1:
		if found[0].Kind == plan.Bucket && within {
			return found[0].ARN + "/" + prefix, plan.Bucket, nil
		}
		return found[0].ARN, found[0].Kind, nil
	}
	var arns []string
	for _, r := range found {
		arns = append(arns, r.ARN)
	}
	slices.Sort(arns)
	return "", "", fmt.Errorf("--data %q: say which, %s", name, strings.Join(arns, " or "))
}
