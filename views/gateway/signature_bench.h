// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/gateway/gateway_tab.h"
#include "workflows/gateway/callback_forensics.h"

class QDateTimeEdit;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace counterfoil {

class EmptyState;
class PlainLabel;
class SectionCard;
class StateBadge;
class StepList;

/// Explains step by step why a callback's signature is good or not. Secrets are in the fields only: they are cleared when the bench is left, and
/// go nowhere else.
class SignatureBench : public GatewayTab {
    Q_OBJECT
public:
    explicit SignatureBench(const PageContext& context, QWidget* parent = nullptr);

    /// Takes a body as it was received, and when.
    void setCallback(const QString& body, UtcTime receivedAt);

    void refresh() override;
    bool isSettled() const override { return m_running == 0; }
    QWidget* firstFocus() override;

    QPlainTextEdit* headerField() const { return m_header; }
    QPlainTextEdit* bodyField() const { return m_body; }
    QLineEdit* secretField() const { return m_secret; }
    QLineEdit* otherSecretField() const { return m_otherSecret; }
    QPushButton* checkButton() const { return m_check; }
    /// The answer in a sentence; empty while there is none.
    QString verdict() const;

protected:
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* buildInput();
    QWidget* buildAnswer();
    void addField(QVBoxLayout* column, const QString& name, QWidget* field, int stretch);
    void setNow();
    void check();
    void showAnswer(const CallbackForensics& found, Duration tolerance);
    void forget();
    QByteArray bodyBytes() const;

    QPlainTextEdit* m_header;
    QPlainTextEdit* m_body;
    QLineEdit* m_secret;
    QLineEdit* m_otherSecret;
    QDateTimeEdit* m_receivedAt;
    QPushButton* m_check;
    EmptyState* m_empty;
    QWidget* m_answer;
    StateBadge* m_badge;
    PlainLabel* m_verdict;
    PlainLabel* m_advice;
    StepList* m_steps;
    /// What a body was set to and what the field made of it: as long as nobody types, the first is what counts.
    QString m_exactBody;
    QString m_shownBody;
    quint64 m_token = 0;
    int m_running = 0;
};

} // namespace counterfoil
