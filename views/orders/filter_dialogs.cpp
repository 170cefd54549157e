// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/orders/filter_dialogs.h"

#include "views/widgets/labels.h"

#include <QDateEdit>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>

namespace counterfoil {

namespace {

QDialogButtonBox* buttons(QDialog* dialog)
{
    auto* box = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, dialog);
    box->button(QDialogButtonBox::Ok)->setText(DateRangeDialog::tr("Show orders"));
    for (QAbstractButton* button : box->buttons()) {
        button->setIcon({});
        button->setAccessibleName(button->text().remove(QLatin1Char('&')));
    }
    QPushButton* accept = box->button(QDialogButtonBox::Ok);
    accept->setProperty("primary", true);
    accept->style()->unpolish(accept);
    accept->style()->polish(accept);
    QObject::connect(box, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(box, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return box;
}

QFormLayout* form(QDialog* dialog)
{
    auto* layout = new QFormLayout(dialog);
    layout->setContentsMargins(space::xl, space::xl, space::xl, space::l);
    layout->setHorizontalSpacing(space::l);
    layout->setVerticalSpacing(space::m);
    return layout;
}

} // namespace

DateRangeDialog::DateRangeDialog(const Theme& theme, QWidget* parent) : QDialog(parent), m_from(new QDateEdit(this)), m_to(new QDateEdit(this))
{
    setWindowTitle(tr("Placed between"));
    QFormLayout* layout = form(this);
    for (const auto& [edit, words] : {std::pair{m_from, tr("First day")}, std::pair{m_to, tr("Last day")}}) {
        edit->setCalendarPopup(true);
        edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd"));
        edit->setAccessibleName(words);
        edit->setMinimumWidth(180);
        layout->addRow(new PlainLabel(theme, words, TextRole::Body, Ink::Text, this), edit);
    }
    layout->addRow(buttons(this));
}

void DateRangeDialog::setRange(const QDate& first, const QDate& last)
{
    m_from->setDate(first);
    m_to->setDate(last);
}

QDate DateRangeDialog::first() const
{
    return std::min(m_from->date(), m_to->date());
}

QDate DateRangeDialog::last() const
{
    return std::max(m_from->date(), m_to->date());
}

BuyerDialog::BuyerDialog(const Theme& theme, QWidget* parent) : QDialog(parent), m_buyer(new QLineEdit(this))
{
    setWindowTitle(tr("Orders of a buyer"));
    QFormLayout* layout = form(this);
    m_buyer->setPlaceholderText(tr("Name, e-mail or reference"));
    m_buyer->setAccessibleName(tr("Buyer"));
    m_buyer->setMaxLength(256);
    m_buyer->setMinimumWidth(280);
    layout->addRow(new PlainLabel(theme, tr("Buyer"), TextRole::Body, Ink::Text, this), m_buyer);
    layout->addRow(buttons(this));
}

void BuyerDialog::setBuyer(const QString& buyer)
{
    m_buyer->setText(buyer);
}

QString BuyerDialog::buyer() const
{
    return m_buyer->text().trimmed();
}

} // namespace counterfoil
