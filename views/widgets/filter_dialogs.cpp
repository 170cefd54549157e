// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/filter_dialogs.h"

#include "views/widgets/labels.h"

#include <QDateEdit>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>

namespace counterfoil {

namespace {

QDialogButtonBox* buttons(QDialog* dialog, const QString& acceptText)
{
    auto* box = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, dialog);
    box->button(QDialogButtonBox::Ok)->setText(acceptText);
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

DateRangeDialog::DateRangeDialog(const Theme& theme, const FilterDialogWords& words, QWidget* parent)
    : QDialog(parent), m_from(new QDateEdit(this)), m_to(new QDateEdit(this))
{
    setWindowTitle(words.title);
    QFormLayout* layout = form(this);
    for (const auto& [edit, name] : {std::pair{m_from, tr("First day")}, std::pair{m_to, tr("Last day")}}) {
        edit->setCalendarPopup(true);
        edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd"));
        edit->setAccessibleName(name);
        edit->setMinimumWidth(180);
        layout->addRow(new PlainLabel(theme, name, TextRole::Body, Ink::Text, this), edit);
    }
    layout->addRow(buttons(this, words.accept));
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

FilterTextDialog::FilterTextDialog(const Theme& theme, const FilterDialogWords& words, const QString& name, const QString& hint, QWidget* parent)
    : QDialog(parent), m_text(new QLineEdit(this))
{
    setWindowTitle(words.title);
    QFormLayout* layout = form(this);
    m_text->setPlaceholderText(hint);
    m_text->setAccessibleName(name);
    m_text->setMaxLength(256);
    m_text->setMinimumWidth(280);
    layout->addRow(new PlainLabel(theme, name, TextRole::Body, Ink::Text, this), m_text);
    layout->addRow(buttons(this, words.accept));
}

void FilterTextDialog::setText(const QString& text)
{
    m_text->setText(text);
}

QString FilterTextDialog::text() const
{
    return m_text->text().trimmed();
}

} // namespace counterfoil
