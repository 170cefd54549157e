// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/account_reads.h"
#include "models/store/reads/balance_reads.h"
#include "views/widgets/page.h"

#include <QDialog>

class QButtonGroup;
class QDateTimeEdit;
class QPushButton;
class QTimer;

namespace counterfoil {

class DataTable;
class PlainLabel;
class PostingsTable;

/// Explains a figure of an account as of any moment: the postings that make it with the sum so far, down to zero, and whether they add up to
/// what the account says.
class BalanceDialog : public QDialog {
    Q_OBJECT
public:
    BalanceDialog(const PageContext& context, const AccountRow& account, BalancePart part, QWidget* parent = nullptr);

    void setPart(BalancePart part);
    /// None: now.
    void setMoment(UtcTime moment);

    bool isSettled() const;
    /// What is said about the sum.
    QString words() const;
    const BalanceProof& proof() const { return m_proof; }
    DataTable* table() const { return m_table; }
    QDateTimeEdit* momentField() const { return m_moment; }
    QPushButton* nowButton() const { return m_now; }

private:
    QWidget* buildChoices();
    void connectChoices();
    void ask();
    void showSlice(const BalanceSlice& slice);
    void showProof(const BalanceSlice& slice, const BalanceProof& proof);
    void showFailure(const Error& error);

    const PageContext m_context;
    const AccountRow m_account;
    BalancePart m_part;
    UtcTime m_asOf;
    BalanceProof m_proof;
    quint64 m_token = 0;
    int m_reading = 0;
    bool m_listed = false;

    QButtonGroup* m_parts;
    QDateTimeEdit* m_moment;
    QPushButton* m_now;
    QTimer* m_typed;
    PlainLabel* m_words;
    PostingsTable* m_model;
    DataTable* m_table;
};

/// "Available", "Frozen", "Total", "Billed".
QString partLabel(BalancePart part);
/// What adding up has shown, in a sentence or two.
QString proofWords(const BalanceProof& proof, UtcTime upTo, bool isNow);

} // namespace counterfoil
