package aws

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"
)

const (
	// rootRow is what the report calls the root user.
	rootRow = "<root_account>"
	// reportRounds bounds the wait for the report; each round is one call with its retries.
	reportRounds = 8
	// reportInProgress is how IAM says that the report is not ready yet.
	reportInProgress = "ReportInProgress"
)

// reportUnready are the codes for a report that has been ordered and is not there:
// shortly after the order IAM may still know of none, or of an old one.
var reportUnready = []string{reportInProgress, "ReportNotPresent", "ReportExpired"}

// userCredentials is a row of the credential report: what IAM knows of one user's
// passwords, devices and keys. A value that the report gives as N/A,
// no_information or not_supported is nil.
type userCredentials struct {
	GeneratedTime       *time.Time
	User, Arn           string
	PasswordEnabled     *bool
	PasswordLastUsed    *time.Time
	PasswordLastChanged *time.Time
	MFAActive           *bool
	AccessKeys          []accessKey
}

// accessKey is one of the two keys that a user can have.
type accessKey struct {
	Active                    bool
	LastRotated, LastUsedDate *time.Time
}

// orderReport has the credential report made, which takes IAM some seconds.
func orderReport(ctx context.Context, t *collect.Task, api *iam.Client) error {
	_, err := call(ctx, t, opGenerateReport, api.GenerateCredentialReport, &iam.GenerateCredentialReportInput{})
	return err
}

// credentialReport waits for the report that was ordered and returns its rows by
// the ARN of the user, that of the root user by [rootRow].
func credentialReport(ctx context.Context, t *collect.Task, api *iam.Client) (map[string]userCredentials, error) {
	var out *iam.GetCredentialReportOutput
	var err error
	for range reportRounds {
		out, err = call(ctx, t, opGetReport, untilReady(api), &iam.GetCredentialReportInput{})
		if f := (*collect.Failure)(nil); !errors.As(err, &f) || !slices.Contains(reportUnready, f.Code) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return parseReport(out)
}

// untilReady makes an unfinished report a failure that passes.
func untilReady(api *iam.Client) operation[iam.GetCredentialReportInput, iam.GetCredentialReportOutput, iam.Options] {
	return func(ctx context.Context, in *iam.GetCredentialReportInput, optFns ...func(*iam.Options)) (*iam.GetCredentialReportOutput, error) {
		out, err := api.GetCredentialReport(ctx, in, optFns...)
		var e smithy.APIError
		if errors.As(err, &e) && slices.Contains(reportUnready, e.ErrorCode()) {
			return nil, &collect.Failure{
				Cause: assize.Timeout, Code: e.ErrorCode(), Detail: "the credential report is still being made", Retry: true, Err: err,
			}
		}
		return out, err
	}
}

// parseReport reads the report's table, whose columns are found by name.
func parseReport(out *iam.GetCredentialReportOutput) (map[string]userCredentials, error) {
	table, err := csv.NewReader(bytes.NewReader(out.Content)).ReadAll()
	if err != nil {
		return nil, collect.Wrong("the credential report is no table: %v", err)
	}
	if len(table) == 0 {
		return nil, collect.Wrong("the credential report is empty")
	}
	rows := map[string]userCredentials{}
	for _, fields := range table[1:] {
		row := reportRow{}
		for i, name := range table[0] {
			row[name] = fields[i]
		}
		c := row.credentials()
		c.GeneratedTime = out.GeneratedTime
		key := c.Arn
		if c.User == rootRow {
			key = rootRow
		}
		rows[key] = c
	}
	return rows, nil
}

// reportRow holds the fields of a row by column.
type reportRow map[string]string

func (r reportRow) credentials() userCredentials {
	c := userCredentials{
		User: r["user"], Arn: r["arn"],
		PasswordEnabled: r.truth("password_enabled"), PasswordLastUsed: r.time("password_last_used"),
		PasswordLastChanged: r.time("password_last_changed"), MFAActive: r.truth("mfa_active"),
		AccessKeys: []accessKey{},
	}
	for _, prefix := range []string{"access_key_1_", "access_key_2_"} {
		key := accessKey{
			Active:      aws.ToBool(r.truth(prefix + "active")),
			LastRotated: r.time(prefix + "last_rotated"), LastUsedDate: r.time(prefix + "last_used_date"),
		}
		if key.Active || key.LastRotated != nil {
			c.AccessKeys = append(c.AccessKeys, key)
		}
	}
	return c
}

// truth is nil for anything but true and false, in whatever case.
func (r reportRow) truth(column string) *bool {
	switch strings.ToLower(r[column]) {
	case "true":
		return aws.Bool(true)
	case "false":
		return aws.Bool(false)
	}
	return nil
}

func (r reportRow) time(column string) *time.Time {
	at, err := time.Parse(time.RFC3339, r[column])
	if err != nil {
		return nil
	}
	return &at
}
