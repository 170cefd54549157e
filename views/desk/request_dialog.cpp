// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/request_dialog.h"

#include "models/tables/format.h"
#include "views/desk/command_dialog.h"
#include "views/desk/desk.h"
#include "views/widgets/labels.h"
#include "views/widgets/words.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>

namespace counterfoil {

namespace {

bool movesMoney(CommandKind kind)
{
    return kind == CommandKind::Refund || kind == CommandKind::Freeze || kind == CommandKind::Adjust;
}

bool hasEnd(CommandKind kind)
{
    return kind == CommandKind::Freeze || kind == CommandKind::ExtendDeadline;
}

/// As the field takes it: without grouping.
QString plainAmount(const Money& amount)
{
    return formatMoney(amount).remove(QLocale().groupSeparator());
}

} // namespace

RequestDialog::RequestDialog(const PageContext& context, RequestDraft draft, QWidget* parent)
    : QDialog(parent), m_context(context), m_draft(std::move(draft)), m_reason(new QLineEdit(this)), m_problem(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Danger, this)),
      m_handIn(new QPushButton(tr("Show what would happen"), this))
{
    const QString kind = stateLabel(toString(m_draft.kind));
    setWindowTitle(kind);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    layout->addWidget(new PlainLabel(context.theme, kind, TextRole::Title, Ink::Text, this));
    layout->addWidget(new PlainLabel(context.theme, m_draft.subjectWords, TextRole::Body, Ink::Secondary, this));
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(space::l);
    form->setVerticalSpacing(space::m);
    layout->addLayout(form);
    addFields(form);
    m_problem->setWrapping(true);
    m_problem->hide();
    layout->addWidget(m_problem);
    layout->addStretch(1);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::s);
    row->addStretch(1);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    row->addWidget(cancel);
    row->addWidget(m_handIn);
    layout->addLayout(row);
    for (QPushButton* button : {cancel, m_handIn}) {
        button->setAutoDefault(false);
        button->setAccessibleName(button->text());
    }
    // Nothing is changed by looking.
    m_handIn->setDefault(true);
    m_handIn->setProperty("primary", true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_handIn, &QPushButton::clicked, this, &RequestDialog::handIn);
    resize(520, 260);
}

void RequestDialog::addFields(QFormLayout* form)
{
    const auto addLine = [&](const QString& name, QLineEdit* edit) {
        edit->setAccessibleName(name);
        edit->setMaxLength(1000);
        form->addRow(new PlainLabel(m_context.theme, name, TextRole::Body, Ink::Text, this), edit);
    };
    if (movesMoney(m_draft.kind)) {
        m_amount = new QLineEdit(m_draft.amount.isZero() ? QString() : plainAmount(m_draft.amount), this);
        m_amount->setAlignment(Qt::AlignRight);
        m_amount->setPlaceholderText(m_draft.amountHint);
        addLine(tr("Amount in %1").arg(m_draft.amount.currency().code()), m_amount);
    }
    if (m_draft.kind == CommandKind::Adjust) {
        m_counter = new QComboBox(this);
        m_counter->setAccessibleName(tr("Other side"));
        for (const AccountKind kind : {AccountKind::Rounding, AccountKind::Suspense, AccountKind::Bank, AccountKind::Promotions, AccountKind::Fees, AccountKind::Clearing}) {
            if (kind != m_draft.accountKind) {
                m_counter->addItem(stateLabel(toString(kind)), toString(kind));
            }
        }
        form->addRow(new PlainLabel(m_context.theme, tr("Other side"), TextRole::Body, Ink::Text, this), m_counter);
    }
    if (m_draft.kind == CommandKind::ConfirmWithEvidence) {
        m_gatewayRef = new QLineEdit(m_draft.gatewayRef, this);
        m_gatewayRef->setPlaceholderText(QStringLiteral("pi_…"));
        addLine(tr("The gateway's id"), m_gatewayRef);
        m_evidence = new QLineEdit(this);
        m_evidence->setPlaceholderText(tr("Where and when it was seen to be paid"));
        addLine(tr("Evidence"), m_evidence);
    }
    if (hasEnd(m_draft.kind)) {
        const UtcTime first = m_draft.until.isNone() ? m_context.clock.now() + Duration::days(7) : m_draft.until + Duration::minutes(30);
        m_until = new QDateTimeEdit(QDateTime::fromMSecsSinceEpoch(first.micros() / 1000), this);
        m_until->setCalendarPopup(true);
        m_until->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm"));
        m_until->setAccessibleName(tr("Until"));
        form->addRow(new PlainLabel(m_context.theme, tr("Until"), TextRole::Body, Ink::Text, this), m_until);
    }
    m_reason->setPlaceholderText(tr("Stands in the audit trail"));
    addLine(tr("Reason"), m_reason);
}

void RequestDialog::refuse(const QString& why)
{
    m_problem->setPlain(why);
    m_problem->show();
    m_handIn->setEnabled(true);
}

void RequestDialog::handIn()
{
    CommandRequest wanted;
    wanted.kind = m_draft.kind;
    wanted.order = m_draft.order;
    wanted.subject = m_draft.subject;
    wanted.intervention = m_draft.intervention;
    wanted.amount = m_draft.amount;
    wanted.reason = m_reason->text();
    if (m_reason->text().trimmed().isEmpty()) {
        m_reason->setFocus();
        refuse(tr("A reason is needed. Nothing was asked for yet."));
        return;
    }
    if (m_amount) {
        const auto amount = Money::fromDecimal(m_amount->text().trimmed(), m_draft.amount.currency());
        const bool makesSense = amount && (m_draft.kind == CommandKind::Adjust ? !amount->isZero() : amount->isPositive());
        if (!makesSense) {
            m_amount->setFocus();
            refuse(tr("This is no amount in %1, such as 12.50. Nothing was asked for yet.").arg(m_draft.amount.currency().code()));
            return;
        }
        wanted.amount = *amount;
        if (m_draft.kind == CommandKind::Refund) {
            wanted.arguments.refund.amount = *amount;
        }
    }
    if (m_evidence && (m_evidence->text().trimmed().isEmpty() || m_gatewayRef->text().trimmed().isEmpty())) {
        refuse(tr("The gateway's id of the payment and the evidence are needed. Nothing was asked for yet."));
        return;
    }
    if (m_evidence) {
        wanted.arguments.evidence = m_evidence->text().trimmed();
        wanted.arguments.gatewayRef = m_gatewayRef->text().trimmed();
    }
    if (m_until) {
        wanted.arguments.until = UtcTime(m_until->dateTime().toMSecsSinceEpoch() * 1000);
    }
    if (m_counter) {
        wanted.arguments.counterAccount = m_counter->currentData().toString();
    }
    m_problem->hide();
    m_handIn->setEnabled(false);
    m_context.desk->request(wanted, this, [this](const Result<CommandId>& outcome) {
        if (outcome) {
            m_command = *outcome;
            accept();
        } else {
            const ErrorWords words = errorWords(outcome.error().code);
            refuse(QStringLiteral("%1 %2 (%3)").arg(words.what, words.whatToDo, outcome.error().detail));
        }
    });
}

void askForCommand(const PageContext& context, const RequestDraft& draft, QWidget* parent)
{
    auto* const dialog = new RequestDialog(context, draft, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QDialog::accepted, parent, [context, dialog, parent] {
        auto* const preview = new CommandDialog(context, dialog->command(), parent);
        preview->setAttribute(Qt::WA_DeleteOnClose);
        preview->open();
    });
    dialog->open();
}

} // namespace counterfoil
