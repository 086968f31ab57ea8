package aws

import (
	"context"
	"errors"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
)

const (
	typeAlternateContact  = "AWS::Account::AlternateContact"
	opGetAlternateContact = "account:GetAlternateContact"

	codeNoContact = "ResourceNotFoundException"
)

// accountContacts asks for the security contact. Who it is, is nobody's business here:
// that there is one is kept, the name and addresses are not.
var accountContacts = collector{
	Declaration: collect.Declaration{
		Name: "account-contacts", Service: "account", Scope: collect.Global, Types: []string{typeAlternateContact},
		Operations: []collect.Operation{{Name: opGetAlternateContact, Actions: []string{opGetAlternateContact}}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		kind := types.AlternateContactTypeSecurity
		out, err := call(ctx, t, opGetAlternateContact, c.account().GetAlternateContact, &account.GetAlternateContactInput{AlternateContactType: kind})
		if f := (*collect.Failure)(nil); errors.As(err, &f) && f.Code == codeNoContact {
			t.Complete(typeAlternateContact)
			return nil
		}
		if err != nil {
			t.Gap(opGetAlternateContact, err, typeAlternateContact)
			return nil
		}
		if b := t.New(typeAlternateContact, string(kind)); b != nil {
			contact := out.AlternateContact
			b.Answer(opGetAlternateContact, struct {
				AlternateContactType       types.AlternateContactType
				HasEmailAddress, HasNumber bool
			}{kind, contact != nil && aws.ToString(contact.EmailAddress) != "", contact != nil && aws.ToString(contact.PhoneNumber) != ""})
			t.Emit(b)
		}
		t.Complete(typeAlternateContact)
		return nil
	},
}

func (c *clients) account() *account.Client {
	return client(c, "account", iamRegion(c.home), func(cfg aws.Config) *account.Client { return account.NewFromConfig(cfg) })
}
