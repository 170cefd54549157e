// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/ledger.h"
#include "views/widgets/page.h"
#include "workflows/operators/command_desk.h"

#include <QDialog>

#include <optional>

class QComboBox;
class QDateTimeEdit;
class QFormLayout;
class QLineEdit;
class QPushButton;

namespace counterfoil {

class PlainLabel;

/// What a command is about when a person begins to ask for it.
struct RequestDraft {
    CommandKind kind = CommandKind::AskGateway;
    OrderId order;
    qint64 subject = 0;
    CaseId intervention;
    /// What is offered, and the most that makes sense; zero for kinds that move no money.
    Money amount;
    /// Stands in the amount's empty field.
    QString amountHint;
    /// Adjust: the kind of the account itself, which is no other side.
    std::optional<AccountKind> accountKind;
    /// What the kind is about, in words.
    QString subjectWords;
    /// ConfirmWithEvidence: what is known of the gateway's object.
    QString gatewayRef;
    /// ExtendDeadline: the deadline as it is.
    UtcTime until;
};

/// Asks for what a kind of command needs (amount, reason, until when, evidence) and hands it in. Accepted once it was handed in; then
/// command() is its id.
class RequestDialog : public QDialog {
    Q_OBJECT
public:
    RequestDialog(const PageContext& context, RequestDraft draft, QWidget* parent = nullptr);

    CommandId command() const { return m_command; }
    QLineEdit* amount() const { return m_amount; }
    QLineEdit* reason() const { return m_reason; }
    QLineEdit* evidence() const { return m_evidence; }
    QLineEdit* gatewayRef() const { return m_gatewayRef; }
    QDateTimeEdit* until() const { return m_until; }
    QComboBox* counter() const { return m_counter; }
    QPushButton* handInButton() const { return m_handIn; }

private:
    void addFields(QFormLayout* form);
    void handIn();
    void refuse(const QString& why);

    const PageContext m_context;
    const RequestDraft m_draft;
    CommandId m_command;
    QLineEdit* m_amount = nullptr;
    QLineEdit* m_reason;
    QLineEdit* m_evidence = nullptr;
    QLineEdit* m_gatewayRef = nullptr;
    QDateTimeEdit* m_until = nullptr;
    QComboBox* m_counter = nullptr;
    PlainLabel* m_problem;
    QPushButton* m_handIn;
};

/// Asks, hands in, and shows the preview: the whole way from a button to a filed command.
void askForCommand(const PageContext& context, const RequestDraft& draft, QWidget* parent);

} // namespace counterfoil
