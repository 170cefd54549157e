// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/command_dialog.h"

#include "models/tables/format.h"
#include "views/desk/change_words.h"
#include "views/desk/desk.h"
#include "views/widgets/badge.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/labels.h"
#include "views/widgets/words.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace counterfoil {

CommandDialog::CommandDialog(const PageContext& context, CommandId command, QWidget* parent)
    : QDialog(parent),
      m_context(context),
      m_id(command),
      m_changes(new ChangeTable(this)),
      m_title(new PlainLabel(context.theme, {}, TextRole::Title, Ink::Text, this)),
      m_badge(new StateBadge(context.theme, this)),
      m_facts(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary, this)),
      m_reason(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Text, this)),
      m_evidence(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Text, this)),
      m_next(new PlainLabel(context.theme, {}, TextRole::Strong, Ink::Text, this)),
      m_bookkeeping(new PlainLabel(context.theme, {}, TextRole::Caption, Ink::Secondary, this)),
      m_problem(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Danger, this)),
      m_table(new DataTable(context.theme, tr("What it changes"), this)),
      m_note(new QLineEdit(this)),
      m_file(new QPushButton(this)),
      m_approve(new QPushButton(this)),
      m_reject(new QPushButton(tr("Reject"), this)),
      m_withdraw(new QPushButton(tr("Take it back"), this)),
      m_close(new QPushButton(tr("Close"), this))
{
    setWindowTitle(tr("Command"));
    build();
    connect(&context.executor, &ReadExecutor::changed, this, &CommandDialog::read);
    connect(m_file, &QPushButton::clicked, this, [this] {
        m_context.desk->file(m_id, m_view.command.previewSha256, this, [this](const Result<CommandStatus>& outcome) { take(outcome); });
    });
    connect(m_approve, &QPushButton::clicked, this, [this] {
        m_context.desk->approve(m_id, m_view.command.previewSha256, m_note->text(), this, [this](const Result<CommandStatus>& outcome) { take(outcome); });
    });
    connect(m_reject, &QPushButton::clicked, this, [this] { m_context.desk->reject(m_id, m_note->text(), this, [this](const Result<void>& outcome) { take(outcome); }); });
    connect(m_withdraw, &QPushButton::clicked, this, [this] { m_context.desk->withdraw(m_id, this, [this](const Result<void>& outcome) { take(outcome); }); });
    connect(m_close, &QPushButton::clicked, this, &QDialog::accept);
    showButtons();
    read();
}

void CommandDialog::build()
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    auto* heading = new QHBoxLayout;
    heading->setSpacing(space::m);
    heading->addWidget(m_title);
    heading->addWidget(m_badge);
    m_badge->setLook({});
    heading->addStretch(1);
    layout->addLayout(heading);
    layout->addWidget(m_facts);
    m_reason->setWrapping(true);
    layout->addWidget(m_reason);
    m_evidence->setWrapping(true);
    m_evidence->hide();
    layout->addWidget(m_evidence);
    m_table->setColumns(m_changes, {0, 150, 150, 110});
    m_table->emptyState()->setContent(Icon::Clock, tr("No preview yet"), tr("The worker works out what would happen. If this stays so, no worker is running."));
    layout->addWidget(m_table, 1);
    layout->addWidget(m_bookkeeping);
    m_next->setWrapping(true);
    layout->addWidget(m_next);
    m_problem->setWrapping(true);
    m_problem->hide();
    layout->addWidget(m_problem);
    m_note->setPlaceholderText(tr("A note for who asked; needed to reject"));
    m_note->setAccessibleName(tr("Note"));
    layout->addWidget(m_note);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::s);
    row->addWidget(m_withdraw);
    row->addStretch(1);
    row->addWidget(m_reject);
    row->addWidget(m_approve);
    row->addWidget(m_file);
    row->addWidget(m_close);
    layout->addLayout(row);
    for (QPushButton* button : {m_file, m_approve, m_reject, m_withdraw, m_close}) {
        button->setAutoDefault(false);
        button->setAccessibleName(button->text());
    }
    m_close->setDefault(true);
    resize(760, 520);
}

void CommandDialog::read()
{
    if (m_reading) {
        m_readAgain = true;
        return;
    }
    m_reading = true;
    m_context.executor.read(
        this, [id = m_id](Connection& connection) { return commandView(connection, id); },
        [this](const Result<CommandView>& view) {
            m_reading = false;
            if (view) {
                show(*view);
            } else if (m_view.command.id.isNone()) {
                const ErrorWords words = errorWords(view.error().code);
                m_problem->setPlain(QStringLiteral("%1 %2").arg(words.what, words.whatToDo));
                m_problem->show();
            }
            if (std::exchange(m_readAgain, false)) {
                read();
            }
        });
}

void CommandDialog::show(const CommandView& view)
{
    m_view = view;
    const OperatorCommand& command = view.command;
    m_title->setPlain(commandWords(command));
    m_badge->setLook(lookOf(command.status));
    QStringList facts{view.orderNo.isEmpty() ? QString() : tr("order %1").arg(view.orderNo),
                      tr("asked for by %1, %2").arg(command.requestedBy, formatTime(command.requestedAt, m_context.clock.now()))};
    for (const CommandApproval& approval : view.approvals) {
        facts << tr("approved by %1").arg(approval.approver);
    }
    facts.removeAll(QString());
    m_facts->setPlain(facts.join(QStringLiteral(" · ")));
    m_reason->setPlain(tr("Reason: %1").arg(command.reason));
    const auto arguments = parseCommandArguments(command.arguments, command.currency);
    const bool hasEvidence = arguments && !arguments->evidence.isEmpty();
    m_evidence->setVisible(hasEvidence);
    if (hasEvidence) {
        m_evidence->setPlain(tr("Evidence: %1 (%2)").arg(arguments->evidence, arguments->gatewayRef));
    }
    const ChangeWords words = wordsOf(view);
    m_changes->setRows(words.lines);
    m_table->setEmptyShown(words.lines.empty());
    if (isFinal(command.status) && words.lines.empty()) {
        m_table->emptyState()->setContent(Icon::Info, tr("Nothing was changed"), command.result);
    }
    m_bookkeeping->setPlain(words.bookkeeping == 0 ? QString() : tr("and %1 rows of the program's own bookkeeping (postings, timeline, coordination)").arg(words.bookkeeping));
    m_next->setPlain(nextStepWords(view));
    m_settled = command.status != CommandStatus::Requested && command.status != CommandStatus::Queued;
    showButtons();
}

void CommandDialog::showButtons()
{
    const OperatorCommand& command = m_view.command;
    const Desk* desk = m_context.desk;
    const bool isKnown = !command.id.isNone() && desk;
    const bool isMine = isKnown && command.requestedBy == desk->person().login;
    const bool waits = isKnown && command.status == CommandStatus::AwaitingApproval;
    const QString words = isKnown ? commandWords(command) : QString();
    const auto offer = [](QPushButton* button, bool shown, const QString& text) {
        button->setVisible(shown);
        button->setText(text);
        button->setAccessibleName(text);
    };
    offer(m_file, isMine && command.status == CommandStatus::Previewed, tr("File: %1").arg(words));
    offer(m_approve, waits && !isMine, tr("Approve: %1").arg(words));
    offer(m_reject, waits && !isMine, tr("Reject"));
    offer(m_withdraw, isMine && !isFinal(command.status), tr("Take it back"));
    m_note->setVisible(waits && !isMine);
    const QString whyNot = isKnown ? desk->whyNotApprove(command.kind) : QString();
    for (QPushButton* button : {m_approve, m_reject}) {
        button->setEnabled(whyNot.isEmpty());
        button->setToolTip(plainToolTip(whyNot));
    }
}

template<class T>
void CommandDialog::take(const Result<T>& outcome)
{
    m_problem->setVisible(!outcome);
    if (!outcome) {
        const ErrorWords words = errorWords(outcome.error().code);
        m_problem->setPlain(QStringLiteral("%1 %2 (%3)").arg(words.what, words.whatToDo, outcome.error().detail));
    }
    read();
}

} // namespace counterfoil
